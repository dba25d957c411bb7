# The program as built is hardened, verifies certificates, and the table of failure modes is true.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TS_SANITIZE)
  lint_test(hardening tests/lint/check-binary --fortified $<TARGET_FILE:teesheet>)
else()
  lint_test(hardening tests/lint/check-binary $<TARGET_FILE:teesheet>)
endif()
lint_test(tls tests/lint/check-tls $<TARGET_FILE:teesheet>)
lint_test(failure_modes tools/check-failure-modes)
