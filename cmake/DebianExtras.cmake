# Run by CPack on the package's tree: what Debian wants besides.
set(source ${CMAKE_CURRENT_LIST_DIR}/..)
set(tree $ENV{DESTDIR}/usr)
set(doc ${tree}/share/doc/teesheet)
file(COPY ${source}/deploy/debian/copyright ${source}/deploy/debian/changelog DESTINATION ${doc})
file(MAKE_DIRECTORY ${tree}/share/lintian/overrides)
file(COPY_FILE ${source}/deploy/debian/lintian-overrides ${tree}/share/lintian/overrides/teesheet)
execute_process(COMMAND gzip -9nf ${doc}/changelog COMMAND_ERROR_IS_FATAL ANY)
