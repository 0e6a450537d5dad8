# SPDX-License-Identifier: BSD-2-Clause-Patent
# rilld, the provisioning server, and its tests.
.PHONY: server-check

PRODUCTS += $(OUT)/rilld

# The server without I/O, for whoever wants to run it in another world: simulator, fuzzers, tests. Needs -lsodium.
SERVER_CORE := server/core server/login server/read server/ticket server/session server/journal server/menu
# Not in an archive: it must be there before the core's own crc32c is looked for.
SERVER_CRC  := server/crc32c server/crc32c_table
SERVER_FAKE := server/fake
SERVER_REST := server/image server/key server/options server/outbox server/socket server/loop

define server_objects
$(OUT)/$(1)/server/core.a: $(SERVER_CORE:%=$(OUT)/$(1)/%.o)
$(OUT)/$(1)/server/rest.a: $(SERVER_REST:%=$(OUT)/$(1)/%.o)
$(OUT)/$(1)/server/core.a $(OUT)/$(1)/server/rest.a:
	$(Q)rm -f $$@
	$(Q)ar rcs $$@ $$^
endef
$(foreach world,host asan fuzz,$(eval $(call server_objects,$(world))))

define server_program
$(OUT)/$(1)/server/rilld: $(OUT)/$(1)/server/rilld.o $(SERVER_CRC:%=$(OUT)/$(1)/%.o) \
                          $(OUT)/$(1)/server/rest.a $(OUT)/$(1)/server/core.a $(OUT)/$(1)/core.a
	@echo '  LD      $$(@:$(OUT)/%=%)'
	$(Q)$$($(1)_cc) $$^ -lsodium -lpthread -o $$@
endef
$(foreach world,host asan,$(eval $(call server_program,$(world))))

$(OUT)/rilld: $(OUT)/host/server/rilld
	$(Q)cp --remove-destination $< $@

# Unit tests: each is linked with the whole server but for main.
server_tests := $(filter server/%,$(TESTS))
$(server_tests:%=$(OUT)/asan/%): $(patsubst %,$(OUT)/asan/%.o,$(SERVER_CORE) $(SERVER_REST) $(SERVER_CRC) $(SERVER_FAKE))
$(foreach test,$(server_tests),$(eval TEST_LIBS_$(test) := -lsodium -lpthread))

# The process itself, over loopback; with the sanitizers in it.
check: server-check
server-check: $(OUT)/asan/server/rilld_test.ok
$(OUT)/asan/server/rilld_test.ok: $(OUT)/asan/server/rilld server/rilld_test.py
	@echo '  RUN     server/rilld_test.py'
	$(Q)timeout 60 /usr/bin/python3 server/rilld_test.py $< >$<.log 2>&1 || { cat $<.log; exit 1; }
	$(Q)touch $@

# The fuzzer of the core; build/fuzz.mk links and runs it.
define server_fuzzer
$(OUT)/$(1)/server/fuzz/server_fuzz: $(patsubst %,$(OUT)/$(1)/%.o,$(SERVER_CORE) $(SERVER_FAKE))
endef
$(foreach world,fuzz plant,$(eval $(call server_fuzzer,$(world))))
FUZZ_LIBS_server/fuzz/server_fuzz := -lsodium
# The planted bug is in a header of that world, which must be there first.
$(patsubst %,$(OUT)/plant/%.o,$(SERVER_CORE) $(SERVER_FAKE)): | $(OUT)/plant/include/lib/bytes.h
