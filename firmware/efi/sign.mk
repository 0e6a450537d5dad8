# SPDX-License-Identifier: BSD-2-Clause-Patent
# Secure Boot: the image signed with a key of yours. A signature is over every byte, the configuration block's too, so a
# configured image is signed, never the other way round. Beside the unsigned one, which anybody can make again. The media
# with a signed program are not signed themselves.
.PHONY: sign same

SIGNED := $(OUT)
sign_usage := make sign KEY=db.key CERT=db.crt: a private key and its certificate, PEM (docs/configuration.md, Secure Boot)

sign: $(OUT)/rill.efi $(OUT)/rill-aa64.efi $(MEDIUM_OF)
	$(Q)[ -f "$(KEY)" -a -f "$(CERT)" ] || { echo '$(sign_usage)' >&2; exit 2; }
	@echo '  SIGN    $(SIGNED)/rill.signed.efi rill-aa64.signed.efi'
	$(Q)( for name in rill rill-aa64; do \
		sbsign --key "$(KEY)" --cert "$(CERT)" --output $(SIGNED)/$$name.signed.efi $(OUT)/$$name.efi && \
		sbverify --cert "$(CERT)" $(SIGNED)/$$name.signed.efi || exit 1; \
	done ) >$(SIGNED)/sign.log 2>&1 || { cat $(SIGNED)/sign.log >&2; exit 1; }
	$(Q)for kind in img iso; do \
		build/media $(MEDIUM_OF) $(SIGNED)/rill.signed.efi $(SIGNED)/rill.signed.$$kind || exit 1; \
	done

# Who is asked to sign, or to trust a signature, can make the same file from the same sources: built once more, from
# nothing, in another folder and at another time, it is the same to the last byte.
same: $(REPRODUCIBLE:%=$(OUT)/%)
	@echo '  SAME    $(REPRODUCIBLE)'
	$(Q)rm -rf $(OUT)/again
	$(Q)$(MAKE) --no-print-directory -s OUT=$(OUT)/again $(REPRODUCIBLE:%=$(OUT)/again/%) >/dev/null
	$(Q)for file in $(REPRODUCIBLE); do cmp $(OUT)/$$file $(OUT)/again/$$file || exit 1; done
	$(Q)rm -rf $(OUT)/again
