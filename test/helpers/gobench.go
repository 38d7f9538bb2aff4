// SPDX-License-Identifier: MIT

// Results in Go's benchmark format, read from standard input and printed again by Go's own testing package: what differs
// is not as Go prints it. Other lines are passed over; the name is not padded.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// again prints the fields of a result; "B/op" and "allocs/op" come last, where they are there.
func again(fields []string) (string, error) {
	n, err := strconv.Atoi(fields[1])
	if err != nil {
		return "", err
	}
	result := testing.BenchmarkResult{N: n, Extra: map[string]float64{}}
	for i := 2; i+1 < len(fields); i += 2 {
		if result.Extra[fields[i+1]], err = strconv.ParseFloat(fields[i], 64); err != nil {
			return "", err
		}
	}
	text := fields[0] + "\t" + result.String()
	if _, ok := result.Extra["B/op"]; ok {
		text += "\t" + result.MemString()
	}
	return text, nil
}

func main() {
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		fields := strings.Fields(input.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		text, err := again(fields)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(text)
	}
}
