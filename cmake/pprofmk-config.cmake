# SPDX-License-Identifier: MIT
#
# pprof.mk for CMake projects:
#
#     find_package(pprofmk)             # or: include(third_party/pprof.mk/cmake/pprofmk-config.cmake)
#     if(pprofmk_FOUND)
#       pprofmk_add_targets()           # after enable_testing()
#     endif()
#
# gives the targets pprof.test, pprof.bench, pprof.list, pprof.cpu, pprof.mem, ... for all cmocka tests known to ctest.
# Values come from the environment, as in `Func=test_x cmake --build build --target pprof.test`; with makefiles also
# behind make: `make -C build pprof.test Func=test_x`. Their names and defaults are those of
# scripts/make-rules/pprof.mk.
#
#   pprofmk_add_targets([OUT folder] [DEPENDS target...])
#     OUT       where profiles go, from the build folder                                pprof
#     DEPENDS   built before tests are run, besides the executables of target `all`     none
#
# Also: the imported target pprofmk::pprofmk, whose include folder has pprofmk.h; PPROFMK_TOOL, pprofmk to use (empty: the
# installed one, or built from this repository).
#
# Needs CMake 3.14; from 3.19 on the call may stand before the tests' executables.

# In the cache: functions are known everywhere, plain variables only in this folder and below.
get_filename_component(_pprofmk_folder "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(_pprofmk_home "${_pprofmk_folder}" CACHE INTERNAL "")
set(pprofmk_FOUND TRUE)
set(PPROFMK_TOOL "" CACHE FILEPATH "pprofmk to use; empty: the one that belongs to its CMake package")
mark_as_advanced(PPROFMK_TOOL)

if(NOT TARGET pprofmk::pprofmk)
  add_library(pprofmk::pprofmk INTERFACE IMPORTED)
  set_target_properties(pprofmk::pprofmk PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${_pprofmk_home}/include")
endif()

# Targets that run or name tests and want them built, and all that the rules have.
set(_pprofmk_runs test run bench bench.diff trace ci gate list CACHE INTERNAL "")
set(_pprofmk_names "")
file(GLOB _pprofmk_rules "${_pprofmk_home}/scripts/make-rules/*.mk")
foreach(_pprofmk_file IN LISTS _pprofmk_rules)
  file(STRINGS "${_pprofmk_file}" _pprofmk_lines REGEX "^## pprof[.][a-z.]+:")
  foreach(_pprofmk_line IN LISTS _pprofmk_lines)
    if(_pprofmk_line MATCHES "^## pprof[.]([a-z.]+):")
      list(APPEND _pprofmk_names ${CMAKE_MATCH_1})
    endif()
  endforeach()
endforeach()
set(_pprofmk_all ${_pprofmk_names} CACHE INTERNAL "")

# The executables of a folder and those below it that target `all` has.
function(_pprofmk_executables folder result)
  set(found "")
  get_property(is_left_out DIRECTORY "${folder}" PROPERTY EXCLUDE_FROM_ALL)
  if(NOT is_left_out)
    get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
      get_target_property(type ${target} TYPE)
      get_target_property(is_left_out ${target} EXCLUDE_FROM_ALL)
      if(type STREQUAL "EXECUTABLE" AND NOT is_left_out)
        list(APPEND found ${target})
      endif()
    endforeach()
    get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
    foreach(below IN LISTS folders)
      _pprofmk_executables("${below}" more)
      list(APPEND found ${more})
    endforeach()
  endif()
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

function(_pprofmk_add_dependencies)
  _pprofmk_executables("${CMAKE_SOURCE_DIR}" executables)
  if(executables)
    foreach(name IN LISTS _pprofmk_runs)
      add_dependencies(pprof.${name} ${executables})
    endforeach()
  endif()
endfunction()

function(_pprofmk_make_targets out depends)
  foreach(name IN LISTS _pprofmk_all)
    add_custom_target(pprof.${name}
      COMMAND "${CMAKE_COMMAND}" -E env
        "PPROF_ARG_CTEST=${CMAKE_BINARY_DIR}" "PPROF_ARG_CONFIG=$<CONFIG>" "PPROF_ARG_OUT=${out}"
        "PPROF_ARG_TOOL=${PPROFMK_TOOL}" "PPROF_ARG_SOURCE=${CMAKE_SOURCE_DIR}" "PPROF_ARG_DEPENDS=${depends}"
        "${_pprofmk_home}/scripts/cmake.sh" ${name}
      WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
      USES_TERMINAL
      VERBATIM)
  endforeach()
  # At the end of the project's own CMakeLists.txt, when all executables are known.
  if(NOT CMAKE_VERSION VERSION_LESS 3.19)
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _pprofmk_add_dependencies)
  endif()
endfunction()

function(pprofmk_add_targets)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT" "DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "pprofmk_add_targets: what is \"${arg_UNPARSED_ARGUMENTS}\"? Give OUT folder, DEPENDS target...")
  endif()
  if(NOT arg_OUT)
    set(arg_OUT pprof)
  endif()
  # For a revision's build, which is a script's: no list of ours.
  string(REPLACE ";" " " depends "${arg_DEPENDS}")
  # A project below another one, each with its call: all tests are those of the one build, and the first call's targets are.
  if(NOT TARGET pprof.test)
    _pprofmk_make_targets("${arg_OUT}" "${depends}")
  endif()
  if(CMAKE_VERSION VERSION_LESS 3.19)
    _pprofmk_add_dependencies()
  endif()
  if(arg_DEPENDS)
    foreach(name IN LISTS _pprofmk_runs)
      add_dependencies(pprof.${name} ${arg_DEPENDS})
    endforeach()
  endif()
endfunction()
