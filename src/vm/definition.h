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

/* More than this is no definition: what libvirt itself takes as one string. */
#define DEFINITION_MAX (4u << 20)

/* INVALID_ARGUMENT: not XML, not a domain, too large, or with a document type or entities. */
Definition *definition_parse(const char *xml, GError **error);
void definition_free(Definition *definition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Definition, definition_free)
char *definition_text(const Definition *definition);

/* A new machine: virtio, balloon with autodeflate and statistics, agent channel; no disks and no cards. It
 * is a "pc" with BIOS, where devices are plugged without preparation, and a "q35" with EFI. Text that XML
 * cannot hold (control characters) becomes question marks, here and in all that set names and paths
 * without an error. */
typedef struct DefinitionMachine {
        const char *name, *uuid, *domain_type, *emulator; /* domain_type: "kvm" or "qemu" */
        uint64_t memory_bytes;                            /* whole KiB count */
        unsigned cpus, cpus_max;               /* cpus_max: that many can be had while it runs; 0: cpus */
        const char *kernel, *initrd, *cmdline; /* NULL: boots from disk */
        const char *firmware;                  /* "bios" or "efi" */
        const char *console;                   /* where the serial port's output is kept, or NULL: no port */
        const char *nvram; /* "efi": file of its variables, or NULL: where libvirt has it */
        bool display;      /* VGA, and VNC on a socket of libvirt's */
} DefinitionMachine;
Definition *definition_new(const DefinitionMachine *machine);

/* Strings are the definition's, until the same is asked for again; NULL where there is none. */
const char *definition_name(Definition *definition);
const char *definition_uuid(Definition *definition);
uint64_t definition_memory_bytes(Definition *definition); /* 0: none */
unsigned definition_cpus(Definition *definition);         /* that it starts with */
unsigned definition_cpus_max(Definition *definition);     /* that can be had without power-off */
void definition_set_name(Definition *definition, const char *name);
void definition_set_uuid(Definition *definition, const char *uuid);
void definition_set_memory(Definition *definition, uint64_t bytes);
void definition_set_cpus(Definition *definition, unsigned cpus); /* raises the maximum when it must */

/* Shares, limits and places of its processors become those of from, which may have none. */
void definition_copy_cpu_time(Definition *definition, Definition *from);

/* A clone of it: a new name, UUID, MACs; console, agent channel and the pager's socket are its own. home:
 * where the files with the VM's name in theirs lie now: serial ports' files and sockets, and the file of
 * EFI variables, which the caller copies. Disks are the caller's. */
void definition_make_clone(Definition *definition, const char *name, const char *uuid, const char *home);

/* Files of it that lie in the folder "from" lie in the folder "to": disks, serial ports, EFI variables,
 * kernel. */
void definition_move_files(Definition *definition, const char *from, const char *to);

/* Every file of the host that it names, of drives without their backing files, owned: char *. */
GPtrArray *definition_files(Definition *definition);

/* The file of EFI variables; NULL: none, or where libvirt has it. */
const char *definition_nvram(Definition *definition);
/* Of one that has such a file: it is that one. */
void definition_set_nvram(Definition *definition, const char *path);

/*
 * For a definition that comes from elsewhere: G_IO_ERROR_NOT_SUPPORTED, naming it, for anything in it that
 * reaches for more of the host than files for which allowed() is true: devices of the host, scripts, other
 * programs, arguments of QEMU's. The emulator becomes this host's, and <qemu:env> is dropped.
 */
bool definition_check_foreign(Definition *definition, const char *domain_type, const char *emulator,
                              bool (*allowed)(const char *path, gpointer user_data), gpointer user_data,
                              GError **error);

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
/* path NULL: an empty drive. format NULL: as it was. Drops <backingStore>. NOT_FOUND, INVALID_ARGUMENT. */
bool definition_set_disk(Definition *definition, const char *target, const char *path, const char *format,
                         GError **error);
/* target NULL: the first free one of the bus; the disk's element, for hot plugging, is returned, owned.
 * EXISTS, INVALID_ARGUMENT. */
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
        bool disconnected; /* as if its cable were pulled */
        /* Setting it once is for good: the guest makes its packets' checksums itself and cuts them to size,
         * as it must where nothing behind the card does (Open vSwitch outside the kernel). virtio alone
         * asks. */
        bool whole_packets;
        char *device; /* read only: a running one's end on the host, "vnet3", or NULL */
} DefinitionCard;
void definition_card_free(DefinitionCard *card);
GPtrArray *definition_cards(Definition *definition); /* of DefinitionCard *, owned */
/* mac NULL: a new one, 52:54:00. Elements for hot plugging are returned, owned. On Open vSwitch a card that
 * is no trunk is in one VLAN, 0 being the untagged one. Setting and removing: NOT_FOUND. */
char *definition_add_card(Definition *definition, const DefinitionCard *card, GError **error);
char *definition_set_card(Definition *definition, const DefinitionCard *card, GError **error);
char *definition_remove_card(Definition *definition, const char *mac, GError **error);

/* The guest's agent: "connected" or "disconnected" of a running one, "" of one that does not run; NULL:
 * there is no channel for it. */
const char *definition_agent(Definition *definition);

/* <qemu:env>: the pager's way in. value NULL: none. */
const char *definition_environment(Definition *definition, const char *name);
void definition_set_environment(Definition *definition, const char *name, const char *value);
