# SPDX-License-Identifier: BSD-2-Clause-Patent
# Secure Boot: the image signed with a key of yours. A signature is over every byte, the configuration block's too, so a
# configured image is signed, never the other way round. Beside the unsigned one, which anybody can make again.
.PHONY: sign same

SIGNED := $(OUT)
sign_usage := make sign KEY=db.key CERT=db.crt: a private key and its certificate, PEM (docs/configuration.md, Secure Boot)

sign: $(OUT)/rill.efi
	$(Q)[ -f "$(KEY)" -a -f "$(CERT)" ] || { echo '$(sign_usage)' >&2; exit 2; }
	@echo '  SIGN    $(SIGNED)/rill.signed.efi'
	$(Q)sbsign --key "$(KEY)" --cert "$(CERT)" --output $(SIGNED)/rill.signed.efi $< 2>$(SIGNED)/sign.log || \
		{ cat $(SIGNED)/sign.log >&2; exit 1; }
	$(Q)sbverify --cert "$(CERT)" $(SIGNED)/rill.signed.efi >>$(SIGNED)/sign.log || { cat $(SIGNED)/sign.log >&2; exit 1; }

# Who is asked to sign, or to trust a signature, can make the same file from the same sources: built once more, from
# nothing, in another folder and at another time, it is the same to the last byte.
same: $(REPRODUCIBLE:%=$(OUT)/%)
	@echo '  SAME    $(REPRODUCIBLE)'
	$(Q)rm -rf $(OUT)/again
	$(Q)$(MAKE) --no-print-directory -s OUT=$(OUT)/again $(REPRODUCIBLE:%=$(OUT)/again/%) >/dev/null
	$(Q)for file in $(REPRODUCIBLE); do cmp $(OUT)/$$file $(OUT)/again/$$file || exit 1; done
	$(Q)rm -rf $(OUT)/again
