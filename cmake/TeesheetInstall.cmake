# What `make install` and `make deb` install: components program, manual, completion, units, examples.
include(GNUInstallDirs)

set(documents)
function(teesheet_document file)
  set(path ${CMAKE_BINARY_DIR}/documents/${file})
  add_custom_command(OUTPUT ${path} DEPENDS teesheet VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/documents
    COMMAND teesheet help ${ARGN} > ${path})
  set(documents ${documents} ${path} PARENT_SCOPE)
endfunction()

# The commands are those of the program's own table.
file(STRINGS ${CMAKE_SOURCE_DIR}/src/cmd/commands.def lines REGEX "^COMMAND\\(")
teesheet_document(teesheet.1 --man)
foreach(line ${lines})
  string(REGEX REPLACE "^COMMAND\\(([a-z]+).*" "\\1" command ${line})
  teesheet_document(teesheet-${command}.1 --man ${command})
endforeach()
set(pages ${documents})
teesheet_document(teesheet-catalogue.5 --man catalogue)
list(APPEND pages ${CMAKE_BINARY_DIR}/documents/teesheet-catalogue.5)
set(manual)
foreach(page ${pages})
  add_custom_command(OUTPUT ${page}.gz DEPENDS ${page} COMMAND gzip -9nkf ${page} VERBATIM)
  list(APPEND manual ${page}.gz)
endforeach()
teesheet_document(teesheet.bash --completion bash)
teesheet_document(_teesheet --completion zsh)
add_custom_target(documents DEPENDS ${documents} ${manual})

install(TARGETS teesheet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
foreach(page ${manual})
  string(REGEX REPLACE ".*\\.([0-9])\\.gz$" "\\1" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT manual)
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/documents/teesheet.bash RENAME teesheet COMPONENT completion
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
# Where Debian's zsh looks; another prefix must stand in $fpath.
install(FILES ${CMAKE_BINARY_DIR}/documents/_teesheet COMPONENT completion
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES examples/courses.csv examples/teesheet.env deploy/postgres/expose.sql COMPONENT examples
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/teesheet/examples)

# The prefix is known at installation only, and stands in the unit.
install(CODE "
  file(READ ${CMAKE_SOURCE_DIR}/deploy/systemd/teesheet.service unit)
  string(REPLACE /usr/bin/teesheet \${CMAKE_INSTALL_PREFIX}/bin/teesheet unit \"\${unit}\")
  file(WRITE ${CMAKE_BINARY_DIR}/documents/teesheet.service \"\${unit}\")" COMPONENT units)
install(FILES ${CMAKE_BINARY_DIR}/documents/teesheet.service deploy/systemd/teesheet.timer
  DESTINATION lib/systemd/system COMPONENT units)
install(FILES deploy/systemd/teesheet.sysusers RENAME teesheet.conf DESTINATION lib/sysusers.d COMPONENT units)
include(TeesheetPackage)
