# Run by CPack on the package's tree: Debian's own files, and compressed manual pages.
set(source ${CMAKE_CURRENT_LIST_DIR}/..)
set(tree $ENV{DESTDIR}/usr)
set(doc ${tree}/share/doc/teesheet)
file(COPY ${source}/deploy/debian/copyright ${source}/deploy/debian/changelog DESTINATION ${doc})
file(MAKE_DIRECTORY ${tree}/share/lintian/overrides)
file(COPY_FILE ${source}/deploy/debian/lintian-overrides ${tree}/share/lintian/overrides/teesheet)
file(GLOB pages ${tree}/share/man/man1/*.1)
execute_process(COMMAND gzip -9nf ${pages} ${doc}/changelog COMMAND_ERROR_IS_FATAL ANY)
