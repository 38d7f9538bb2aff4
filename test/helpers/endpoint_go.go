// SPDX-License-Identifier: MIT
// Go's own net/http/pprof, to see what it answers: go run endpoint_go.go ADDRESS
package main

import (
	"net/http"
	_ "net/http/pprof"
	"os"
)

func main() {
	panic(http.ListenAndServe(os.Args[1], nil))
}
