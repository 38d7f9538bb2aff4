# SPDX-License-Identifier: MIT
# run.sh has built what the tests need.
setup_suite() {
	:
}
