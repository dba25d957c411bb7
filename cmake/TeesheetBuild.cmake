# How everything is compiled, and the functions by which a folder declares itself.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

option(TS_WERROR "Warnings are errors" ON)
option(TS_FUZZ "Build the libFuzzer targets (clang)" OFF)
set(TS_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")

add_compile_definitions(_GNU_SOURCE TEESHEET_VERSION="${PROJECT_VERSION}")
add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wcast-qual -Wwrite-strings -Wundef -Wformat=2 -Wswitch-enum -Wvla -Wpointer-arith)
if(TS_WERROR)
  add_compile_options(-Werror)
endif()

# Debian's own build flags, minus the level that CMAKE_BUILD_TYPE sets.
add_compile_options(-g -fstack-protector-strong -fPIE -fno-omit-frame-pointer)
add_link_options(-pie -Wl,-z,relro,-z,now -Wl,--as-needed)
if(TS_SANITIZE)
  add_compile_options(-fsanitize=${TS_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TS_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-D_FORTIFY_SOURCE=3)
endif()
# Asserts stay in: a bug must never pass silently.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(SQLite3 REQUIRED)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)

# teesheet_module(NAME SOURCES a.c b.c… LINK other_modules libraries…): src/NAME as static library ts_NAME.
function(teesheet_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(ts_${name} STATIC ${ARG_SOURCES})
  target_include_directories(ts_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(ts_${name} PUBLIC ${ARG_LINK})
endfunction()

# teesheet_test(NAME LABEL SOURCES … LINK … [ARGS …]): one test executable, one CTest test.
function(teesheet_test name label)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;ARGS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE TS_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TS_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LINK} PkgConfig::CMOCKA)
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300)
endfunction()
