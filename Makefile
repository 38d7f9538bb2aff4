# SPDX-License-Identifier: MIT
.DEFAULT_GOAL := build
include scripts/make-rules/build.mk
