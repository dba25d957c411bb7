# PostgreSQL's part of ts_store; included by ../CMakeLists.txt, paths are relative to that folder.
set(STORE_POSTGRES ON)
embed_sql(STORE_POSTGRES_SQL NAME postgres FOLDER ${CMAKE_CURRENT_SOURCE_DIR}/postgres
          DEFS statements.def postgres/private.def)
list(APPEND STORE_SOURCES
     postgres/columns.c postgres/connection.c postgres/encode.c postgres/failure.c postgres/look.c
     postgres/postgres.c postgres/schema.c postgres/transaction.c postgres/upsert.c postgres/url.c
     postgres/write.c ${STORE_POSTGRES_SQL})
list(APPEND STORE_LIBRARIES PostgreSQL::PostgreSQL)
