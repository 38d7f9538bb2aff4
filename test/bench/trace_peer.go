// SPDX-License-Identifier: MIT
//
// Writes an execution trace of Go's with some events: two goroutines hand a value to and fro over channels. For row_traces.sh, which
// measures how long `go tool trace` takes until it can be asked.
//
// Usage: trace_peer FILE ROUND-TRIPS
package main

import (
	"log"
	"os"
	"runtime/trace"
	"strconv"
)

func main() {
	trips, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.Create(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	there, back := make(chan int), make(chan int)
	go func() {
		for value := range there {
			back <- value
		}
	}()
	if err := trace.Start(file); err != nil {
		log.Fatal(err)
	}
	for i := 0; i < trips; i++ {
		there <- i
		<-back
	}
	trace.Stop()
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
}
