# `make deb`: the Debian package, by CPack.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME teesheet)
set(CPACK_PACKAGE_CONTACT "teesheet maintainers <maintainers@teesheet.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "collector of open golf tee times")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Asks the booking engines of golf courses which tee times are open, at a
polite pace, and upserts the answers into SQLite or PostgreSQL, in a small
and fixed memory budget. It also searches them. With a systemd timer.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_SOURCE_DIR}/deploy/debian/postinst;${CMAKE_SOURCE_DIR}/deploy/debian/prerm;${CMAKE_SOURCE_DIR}/deploy/debian/postrm")
# What Debian wants besides, in the package only.
set(CPACK_INSTALL_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/DebianExtras.cmake)
include(CPack)
