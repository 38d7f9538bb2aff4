# SPDX-License-Identifier: MIT
# Sorted numbers, one a line, in; their median and the 95 % confidence interval of the median out.
#
# Of n independent measurements each is below the true median with probability 1/2, so that it lies between the k-th
# smallest and the k-th largest with probability 1 - 2 P(Binomial(n, 1/2) < k), whatever their distribution (H. A. David,
# Order Statistics, 7.1). The largest such k with at least 95 % is used; with fewer than six measurements there is none,
# and the interval is all of them: 93.75 % for five.
{ v[NR] = $1 }

END {
	if (NR == 0)
		exit 1
	p = below = 0.5 ^ NR
	for (k = 1; k < NR / 2; k++) {
		p = p * (NR - k + 1) / k
		if (2 * (below + p) > 0.05)
			break
		below += p
	}
	middle = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
	print middle, v[k], v[NR - k + 1]
}
