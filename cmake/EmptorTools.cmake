# The programs: a folder of tools/ each.

find_package(CLI11 REQUIRED)
configure_file(tools/cli/version.hpp.in ${PROJECT_BINARY_DIR}/generated/cli/version.hpp @ONLY)

function(emptor_program target name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name})
  target_include_directories(${target} PRIVATE tools ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(${target} PRIVATE emptor Boost::headers)
  emptor_compile_options(${target})
endfunction()

emptor_program(emptor_cli emptor tools/cli)
emptor_program(emptor_describe emptor-describe tools/describe)
if(TARGET emptor_cli)
  target_link_libraries(emptor_cli PRIVATE CLI11::CLI11)
  emptor_precompile(emptor_cli)
  install(TARGETS emptor_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
