/* SPDX-License-Identifier: MIT */
/* Google Benchmark's side of row_bench.sh: `peer_bench --benchmark_filter=^bench_hash$`. The other is ours_bench.c. */
#include <benchmark/benchmark.h>

#include "bench_ops.h"

/* An empty statement would be taken away, and the loop with it; our loop holds the same barrier. */
BENCH_ALIGNED static void bench_empty(benchmark::State &state)
{
	for (auto _ : state)
		benchmark::ClobberMemory();
}

BENCH_ALIGNED static void bench_hash(benchmark::State &state)
{
	uint64_t hash = 0;

	for (auto _ : state)
		hash = bench_op_hash(hash);
	benchmark::DoNotOptimize(hash);
}

BENCH_ALIGNED static void bench_malloc(benchmark::State &state)
{
	for (auto _ : state)
		bench_op_malloc();
}

BENCH_ALIGNED static void bench_copy(benchmark::State &state)
{
	for (auto _ : state)
		bench_op_copy();
}

BENCHMARK(bench_empty);
BENCHMARK(bench_hash);
BENCHMARK(bench_malloc);
BENCHMARK(bench_copy);
BENCHMARK_MAIN();
