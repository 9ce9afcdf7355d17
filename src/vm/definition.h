/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain's XML: read, changed, written, with libxml2; what is not understood stays as it is. Nothing here
 * talks to libvirt. One thread at a time.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Definition Definition;

Definition *definition_parse(const char *xml, GError **error);
void definition_free(Definition *definition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Definition, definition_free)
char *definition_text(const Definition *definition);

/* A new machine: q35 or pc, virtio, balloon with autodeflate and statistics, agent channel, VNC on a socket
 * or none, serial console to a file; no disks and no cards. domain_type: "kvm" or "qemu". */
typedef struct DefinitionMachine {
        const char *name, *uuid, *domain_type, *emulator;
        uint64_t memory_bytes;
        unsigned cpus;
        const char *kernel, *initrd, *cmdline; /* NULL: boots from disk */
        const char *firmware;                  /* "bios" or "efi" */
        const char *console;                   /* file of the serial console, or NULL */
} DefinitionMachine;
Definition *definition_new(const DefinitionMachine *machine);

const char *definition_name(Definition *definition); /* strings: the definition's, until it is changed */
const char *definition_uuid(Definition *definition);
uint64_t definition_memory_bytes(Definition *definition);
unsigned definition_cpus(Definition *definition);
void definition_set_name(Definition *definition, const char *name);
void definition_set_uuid(Definition *definition, const char *uuid);
void definition_set_memory(Definition *definition, uint64_t bytes);
void definition_set_cpus(Definition *definition, unsigned cpus);

/* A clone of it: a new name, UUID, MACs; console, agent channel and the pager's socket are its own. home:
 * where the files with the VM's name in theirs lie now. Disks are the caller's. */
void definition_make_clone(Definition *definition, const char *name, const char *uuid, const char *home);

typedef struct DefinitionDisk {
        char *target; /* "vda" */
        char *bus;    /* "virtio", "sata", "scsi", "ide" */
        char *device; /* "disk", "cdrom" */
        char *path;   /* of a file; NULL: none, or no file */
        char *format; /* "qcow2", "raw" */
        bool read_only;
} DefinitionDisk;
void definition_disk_free(DefinitionDisk *disk);

GPtrArray *definition_disks(Definition *definition); /* of DefinitionDisk *, owned */
/* path NULL: an empty drive. Drops <backingStore>. NOT_FOUND. */
bool definition_set_disk(Definition *definition, const char *target, const char *path, const char *format,
                         GError **error);
/* target NULL: the first free one of the bus; the disk's element, for hot plugging, is returned, owned. */
char *definition_add_disk(Definition *definition, const DefinitionDisk *disk, GError **error);
char *definition_remove_disk(Definition *definition, const char *target, GError **error);
/* Whether a file is one of its disks (not of their backing files). */
bool definition_uses(Definition *definition, const char *path);

typedef struct DefinitionCard {
        char *mac;    /* lower case */
        char *model;  /* "virtio" */
        char *bridge; /* or NULL */
        bool open_vswitch;
        unsigned vlan; /* 0: none */
        bool trunk;
} DefinitionCard;
void definition_card_free(DefinitionCard *card);
GPtrArray *definition_cards(Definition *definition);
/* mac NULL: a new one, 52:54:00. Elements for hot plugging are returned, owned. */
char *definition_add_card(Definition *definition, const DefinitionCard *card, GError **error);
char *definition_set_card(Definition *definition, const DefinitionCard *card, GError **error);
char *definition_remove_card(Definition *definition, const char *mac, GError **error);

/* <qemu:env>: the pager's way in. value NULL: none. */
const char *definition_environment(Definition *definition, const char *name);
void definition_set_environment(Definition *definition, const char *name, const char *value);
