# cstims_folder(NAME DEPENDS...): src/NAME as a library. The order below is the only direction of includes:
# base <- db <- html <- {mail pdf} <- http <- account <- service <- order <- {ticket <- inbox, invoice <- bank} <- app
# The standard library's headers are half of what every source costs to compile: they are read once. Sources include
# what they use all the same.
set(CSTIMS_STANDARD_HEADERS <algorithm> <array> <charconv> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory>
  <mutex> <optional> <ranges> <set> <span> <stdexcept> <string> <string_view> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/standard_headers.cc CONTENT "// Holds the headers compiled beforehand.\n")
add_library(cstims_standard_headers OBJECT ${CMAKE_BINARY_DIR}/standard_headers.cc)
target_link_libraries(cstims_standard_headers PRIVATE fmt::fmt)
target_compile_options(cstims_standard_headers PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Werror)
target_precompile_headers(cstims_standard_headers PRIVATE ${CSTIMS_STANDARD_HEADERS})

function(cstims_folder name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(cstims_${name} STATIC ${sources})
  target_include_directories(cstims_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(cstims_${name} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Werror)
  foreach(dependency ${ARGN})
    target_link_libraries(cstims_${name} PUBLIC cstims_${dependency})
  endforeach()
  # GMime and Pango bring compiler flags of their own, with which the headers cannot be shared.
  if(NOT name MATCHES "^(mail|pdf)$")
    target_precompile_headers(cstims_${name} REUSE_FROM cstims_standard_headers)
  endif()
endfunction()

cstims_folder(base)
target_link_libraries(cstims_base PUBLIC fmt::fmt PRIVATE date::date-tz PkgConfig::SODIUM)

cstims_folder(db base)
target_link_libraries(cstims_db PRIVATE ${SOCI_SQLITE3} ${SOCI_POSTGRESQL} ${SOCI_CORE} PkgConfig::SQLITE PkgConfig::PQ)
target_include_directories(cstims_db SYSTEM PRIVATE ${PQ_INCLUDE_DIRS})
cstims_embed_folder(cstims_db migrations ${CMAKE_SOURCE_DIR}/migrations [0-9]*.sql statistics.sql)

cstims_folder(html db)
target_link_libraries(cstims_html PRIVATE PkgConfig::CTEMPLATE PkgConfig::CMARK cmark-gfm-extensions)
cstims_embed_folder(cstims_html views ${CMAKE_SOURCE_DIR}/views *.html *.txt *.md)
cstims_embed_folder(cstims_html translations ${CMAKE_SOURCE_DIR}/po *.po)

cstims_folder(mail html)
target_link_libraries(cstims_mail PRIVATE PkgConfig::GMIME CURL::libcurl)

cstims_folder(pdf html)
target_link_libraries(cstims_pdf PRIVATE PkgConfig::PANGOCAIRO PkgConfig::QRENCODE)

cstims_folder(http mail pdf)
target_link_libraries(cstims_http PRIVATE Boost::url OpenSSL::SSL PkgConfig::ZLIB Threads::Threads)
# static/ as it is; what npm brings is joined to it by name.
file(GLOB_RECURSE static_files CONFIGURE_DEPENDS LIST_DIRECTORIES false ${CMAKE_SOURCE_DIR}/static/*)
list(SORT static_files)
set(static_names "")
foreach(file ${static_files})
  file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR}/static ${file})
  list(APPEND static_names ${name})
endforeach()
list(APPEND static_files ${CMAKE_SOURCE_DIR}/node_modules/bootstrap/dist/css/bootstrap.min.css)
list(APPEND static_names bootstrap.min.css)
cstims_embed(cstims_http static FILES ${static_files} NAMES ${static_names})

cstims_folder(account http)
target_link_libraries(cstims_account PRIVATE PkgConfig::SODIUM PkgConfig::CRYPT)
cstims_folder(service account)
cstims_folder(order service)
cstims_folder(ticket order)
cstims_folder(inbox ticket)
target_link_libraries(cstims_inbox PRIVATE CURL::libcurl)
cstims_folder(invoice order)
cstims_folder(bank invoice)
target_link_libraries(cstims_bank PRIVATE PkgConfig::EXPAT)
cstims_folder(app inbox bank)
target_link_libraries(cstims_app PRIVATE spdlog::spdlog)
target_compile_definitions(cstims_app PRIVATE SPDLOG_FMT_EXTERNAL CSTIMS_VERSION="${PROJECT_VERSION}")

add_executable(cstims src/app/main.cc)
target_compile_options(cstims PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Werror)
target_link_libraries(cstims PRIVATE cstims_app)
set_target_properties(cstims PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
# First among the libraries, so that its malloc is everybody's. Sanitizers bring their own.
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  target_link_options(cstims PRIVATE -Wl,--push-state,--no-as-needed ${MIMALLOC} -Wl,--pop-state)
endif()
