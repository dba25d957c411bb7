# Everything goes wrong at once, and for long. On demand (TS_CHAOS=1 at configure time): a run takes minutes, and has
# open points (docs/TESTING.md).
if(NOT DEFINED ENV{TS_CHAOS})
  return()
endif()
foreach(name chaos endurance)
  e2e_test(${name} sqlite postgres)
  target_sources(e2e_${name} PRIVATE seen.c)
  target_link_libraries(e2e_${name} PRIVATE PkgConfig::JANSSON)
  set_tests_properties(e2e_${name}_sqlite e2e_${name}_postgres PROPERTIES LABELS chaos)
endforeach()
target_sources(e2e_chaos PRIVATE witness.c)
