# Installs headers, libraries, the CMake package and the pkg-config files.

include(CMakePackageConfigHelpers)

set(emptor_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/emptor)
set(emptor_installed emptor)
if(TARGET emptor_capi)
  list(APPEND emptor_installed emptor_capi)
endif()
install(TARGETS ${emptor_installed} EXPORT emptorTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT emptorTargets NAMESPACE emptor:: DESTINATION ${emptor_package_dir})
install(DIRECTORY include/emptor DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES capi/emptor.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

configure_package_config_file(cmake/emptorConfig.cmake.in ${PROJECT_BINARY_DIR}/emptorConfig.cmake
                              INSTALL_DESTINATION ${emptor_package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/emptorConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/emptorConfig.cmake ${PROJECT_BINARY_DIR}/emptorConfigVersion.cmake
        DESTINATION ${emptor_package_dir})

# A .pc file whose prefix follows from its own place, so that a staged or moved installation works.
file(RELATIVE_PATH emptor_pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/emptor.pc.in ${PROJECT_BINARY_DIR}/emptor.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/emptor.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
