# SPDX-License-Identifier: LGPL-2.1-or-later
# A thin layer over Meson. `make help` lists what there is.
PREFIX ?= /usr/local
DESTDIR ?=
BUILD := build
INSTALL_BUILD := build-install

.PHONY: all help deps demo check bench-pager bench-policy bench-overcommit bench-clones bench-api bench-web install uninstall format clean

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

help:
	@echo "make               build into $(BUILD)/"
	@echo "make demo          install what is missing, build, and show guests in half of their memory and less (as root)"
	@echo "make check         all tests, as CI runs them"
	@echo "make bench-pager   the page engine against the kernel's zram and swap file (as root)"
	@echo "make bench-policy  a round of the memory policy for up to 100,000 VMs"
	@echo "make bench-overcommit   guests with more memory than the host, under the kernel and aerostat (as root)"
	@echo "make bench-clones  75 linked clones: how long, what room, what memory, what reading costs (as root)"
	@echo "make bench-api     200 clients of the vSphere API over 1,000 VMs: how long reads take, what memory"
	@echo "make bench-web     the web client over 1,000 VMs: how soon it is there, how it scrolls, what updates cost"
	@echo "make install       install below PREFIX ($(PREFIX)), into DESTDIR if given"
	@echo "make format        format the sources"
	@echo "make clean         remove what was built"

deps:
	@tools/install-packages demo

$(BUILD)/build.ninja:
	@meson setup $(BUILD) >/dev/null || meson setup $(BUILD)

demo: deps
	@$(MAKE) --no-print-directory all
	@demo/demo

check:
	@tools/install-packages check
	@tools/check

bench-pager:
	@tools/install-packages demo
	@$(MAKE) --no-print-directory all
	@bench/pager/run

bench-policy: $(BUILD)/build.ninja
	@ninja -C $(BUILD) bench/policy/bench-policy >/dev/null
	@$(BUILD)/bench/policy/bench-policy $(BUILD)/bench/policy.json

bench-overcommit:
	@tools/install-packages demo
	@$(MAKE) --no-print-directory all
	@bench/overcommit/run

bench-clones:
	@tools/install-packages check
	@$(MAKE) --no-print-directory all
	@bench/clones/run

bench-api:
	@tools/install-packages check
	@$(MAKE) --no-print-directory all
	@bench/api/run

bench-web:
	@tools/install-packages check
	@$(MAKE) --no-print-directory all
	@bench/web/run

# Installed libraries and programs are built for where they will be.
install:
	@[ -f $(INSTALL_BUILD)/build.ninja ] || meson setup $(INSTALL_BUILD) --prefix=$(PREFIX) --buildtype=release -Dtests=false
	@meson configure $(INSTALL_BUILD) -Dprefix=$(PREFIX)
	@DESTDIR=$(DESTDIR) meson install -C $(INSTALL_BUILD)

uninstall:
	@ninja -C $(INSTALL_BUILD) uninstall

format:
	@clang-format -i $$(git ls-files '*.c' '*.h')
	@tools/web-build --packages && cd web && npm run --silent format

clean:
	rm -rf build build-*
