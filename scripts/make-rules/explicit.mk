# SPDX-License-Identifier: MIT
# For our own makes only, never for the user's: no implicit rule of make's. It looks for one behind each of some hundred headers
# that are named in .d files, which is nine tenths of the time where nothing is to be built.

.SUFFIXES:
%: %,v
%: RCS/%,v
%: RCS/%
%: s.%
%: SCCS/s.%
