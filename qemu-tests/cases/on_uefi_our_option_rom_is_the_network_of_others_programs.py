# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Cards with our driver in their ROM, for UEFI, whose boot option is told another program by DHCP: Debian's GRUB, syslinux and
iPXE's snponly.efi. Each fetches its configuration over our SNP, and by that a program or a kernel, which says the words that
stand there."""
import efiboot
import netboot
import optionrom

LIMIT = 400
SYSLINUX, MODULES = "/usr/lib/SYSLINUX.EFI/efi64", "/usr/lib/syslinux/modules/efi64"
FILES = [efiboot.DEBIAN + "/grubnetx64.efi", SYSLINUX + "/syslinux.efi", MODULES + "/ldlinux.e64", netboot.IPXE + "/snponly.efi",
         "build/out/said.efi"]
PROGRAMS = (("snponly.efi", "e1000"), ("syslinux.efi", "e1000e"), ("grubnetx64.efi", "virtio-net-pci"))


def run(t):
    kernel = netboot.Kernel(t)
    kernel.pxelinux("vmlinuz", "initrd=initrd.img")
    netboot.write(t, "boot.ipxe", "#!ipxe\nchain said.efi %s\n" % kernel.words)
    netboot.write(t, "grub/grub.cfg", "chainloader /said.efi %s\nboot\n" % kernel.words)
    more = netboot.for_ipxe("boot.ipxe")
    for cable in [t.cable(n) for n in range(len(PROGRAMS))]:
        more += ["--dhcp-mac=set:card%d,52:54:00:99:00:%02x" % (cable.number, cable.number + 1),
                 "--dhcp-boot=tag:card%d,tag:!ipxe,%s" % (cable.number, PROGRAMS[cable.number][0])]
    t.dnsmasq(boot_file=None, files=FILES, more=more)
    for cable, (program, model) in zip(t.cables, PROGRAMS):
        m = t.machine([optionrom.card(t, cable, model)], firmware="efi")
        m.wait_for(r"starting " + program.replace(".", r"\."), 240)
        if program == "syslinux.efi":
            kernel.expect(m)
            netboot.expect_files(t, cable, program, "ldlinux.e64", "pxelinux.cfg/default", "vmlinuz", "initrd.img")
        else:
            m.wait_for(r"said: [^\n]*\b%s\b" % kernel.words, 200)
            netboot.expect_files(t, cable, program, "said.efi")
        m.stop()
