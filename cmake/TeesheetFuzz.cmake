# teesheet_fuzz(NAME LINK modules…): the fuzz target tests/fuzz/fuzz_NAME.c.
#
# Always a CTest test fuzz_NAME (label fuzz) that replays tests/fuzz/corpus/NAME. With TS_FUZZ=ON
# (clang; preset `fuzz`) also the libFuzzer executable fuzz_NAME; run it on a copy of the corpus:
#   build/fuzz/fuzz_NAME -max_total_time=60 /tmp/NAME tests/fuzz/corpus/NAME

if(TS_FUZZ AND NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "TS_FUZZ needs clang: cmake --preset fuzz")
endif()

# Code under test counts its branches for the fuzzer.
function(teesheet_fuzz_instrument)
  foreach(target ${ARGN})
    get_target_property(done ${target} TS_FUZZ_INSTRUMENTED)
    if(NOT done)
      target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
      target_link_options(${target} INTERFACE -fsanitize=fuzzer-no-link)
      set_target_properties(${target} PROPERTIES TS_FUZZ_INSTRUMENTED ON)
    endif()
  endforeach()
endfunction()

function(teesheet_fuzz name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  set(source ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c)
  set(corpus ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(replay_${name} ${source} ${CMAKE_SOURCE_DIR}/tests/support/fuzz_replay.c)
  target_include_directories(replay_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(replay_${name} PRIVATE ${ARG_LINK} ts_base)
  add_test(NAME fuzz_${name} COMMAND replay_${name} ${corpus})
  set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  if(TS_FUZZ)
    add_executable(fuzz_${name} ${source})
    target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_LINK} ts_base)
    set(modules ${ARG_LINK} ts_base)
    list(FILTER modules INCLUDE REGEX "^ts_")
    list(REMOVE_DUPLICATES modules)
    teesheet_fuzz_instrument(${modules})
  endif()
endfunction()
