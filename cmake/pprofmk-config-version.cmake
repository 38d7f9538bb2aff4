# SPDX-License-Identifier: MIT
#
# What find_package(pprofmk VERSION) asks: is this one of the same major number, and not older? Of a range, whether it is
# within. The version is that of the pkg-config file beside an installation, or of the repository's tool.

set(_pprofmk_asked "${CMAKE_CURRENT_LIST_DIR}/../../pkgconfig/pprofmk.pc")
set(_pprofmk_said "^Version: ([0-9.]+)")
if(NOT EXISTS "${_pprofmk_asked}")
  set(_pprofmk_asked "${CMAKE_CURRENT_LIST_DIR}/../internal/tool/tool.h")
  set(_pprofmk_said "define TOOL_VERSION \"([0-9.]+)")
endif()
set(PACKAGE_VERSION "")
if(EXISTS "${_pprofmk_asked}")
  file(STRINGS "${_pprofmk_asked}" _pprofmk_line REGEX "${_pprofmk_said}" LIMIT_COUNT 1)
  if(_pprofmk_line MATCHES "${_pprofmk_said}")
    set(PACKAGE_VERSION "${CMAKE_MATCH_1}")
  endif()
endif()

string(REGEX MATCH "^[0-9]+" _pprofmk_major "${PACKAGE_VERSION}")
set(PACKAGE_VERSION_COMPATIBLE FALSE)
if(PACKAGE_FIND_VERSION_RANGE)
  set(_pprofmk_is_below FALSE)
  if(PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION_MAX OR
      (PACKAGE_FIND_VERSION_RANGE_MAX STREQUAL "INCLUDE" AND PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION_MAX))
    set(_pprofmk_is_below TRUE)
  endif()
  if(_pprofmk_is_below AND PACKAGE_VERSION VERSION_GREATER_EQUAL PACKAGE_FIND_VERSION_MIN AND
      _pprofmk_major STREQUAL PACKAGE_FIND_VERSION_MIN_MAJOR)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
  endif()
elseif(PACKAGE_VERSION VERSION_GREATER_EQUAL PACKAGE_FIND_VERSION AND
    _pprofmk_major STREQUAL PACKAGE_FIND_VERSION_MAJOR)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
