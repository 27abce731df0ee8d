# The programs: a folder of tools/ each.

find_package(CLI11 REQUIRED)

function(emptor_program target name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name})
  target_include_directories(${target} PRIVATE tools)
  target_link_libraries(${target} PRIVATE emptor Boost::headers CLI11::CLI11)
  emptor_compile_options(${target})
endfunction()

emptor_program(emptor_cli emptor tools/cli)
emptor_program(emptor_describe emptor-describe tools/describe)
if(TARGET emptor_cli)
  install(TARGETS emptor_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
