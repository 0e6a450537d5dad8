# SPDX-License-Identifier: BSD-2-Clause-Patent
# The card's tests run against a Simple Network Protocol made of quirks.
SNP_TESTS := undi/snp_test undi/snp_frames_test
$(SNP_TESTS:%=$(OUT)/asan/%): $(OUT)/asan/undi/snp_fake.o
$(SNP_TESTS:%=$(OUT)/m32/%): $(OUT)/m32/undi/snp_fake.o
