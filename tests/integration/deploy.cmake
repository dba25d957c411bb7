# Installation, package, units, and what is published from PostgreSQL: shell tests. 77: skipped, and says why.
function(deploy_test name)
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/integration/${name}.sh ${ARGN})
  # They install from the same build folder: one at a time.
  set_tests_properties(${name} PROPERTIES LABELS integration TIMEOUT 900 SKIP_RETURN_CODE 77 RESOURCE_LOCK documents)
endfunction()

add_test(NAME documents COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target documents)
set_tests_properties(documents PROPERTIES LABELS integration FIXTURES_SETUP documents TIMEOUT 300)

deploy_test(test_units ${CMAKE_BINARY_DIR})
deploy_test(test_install ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
# On demand (TS_DEB=1 at configure time): debootstrap takes minutes.
if(DEFINED ENV{TS_DEB})
  deploy_test(test_deb ${CMAKE_BINARY_DIR})
  set_tests_properties(test_deb PROPERTIES FIXTURES_REQUIRED documents)
endif()
set_tests_properties(test_units test_install PROPERTIES FIXTURES_REQUIRED documents)
deploy_test(test_expose ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
