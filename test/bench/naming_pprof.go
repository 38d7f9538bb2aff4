// SPDX-License-Identifier: MIT
//
// google/pprof as it is outside of the go command: names C programs with binutils, where `go tool pprof` reads DWARF
// itself. Built by naming.sh from the copy of google/pprof that comes with Go.
package main

import (
	"log"

	"github.com/google/pprof/driver"
)

func main() {
	if err := driver.PProf(&driver.Options{}); err != nil {
		log.Fatal(err)
	}
}
