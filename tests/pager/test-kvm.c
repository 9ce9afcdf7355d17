/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A toy guest of KVM under a limit: the faults that KVM takes for it in the kernel are served. */
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fixture.h"

#define PAGES      8192u /* 32 MiB */
#define LIMIT      (PAGES / 4)
#define CODE_PAGE  1u /* the guest's code; what lies below is left alone */
#define FIRST_PAGE 2u
#define STRIDE     512u /* from place to place: KVM may have to interpret every instruction */
#define ROUNDS     4u
#define PORT       0x10

/*
 * The guest, in protected mode without paging. In each round it writes to some places of every page,
 * each the place's address xor the round's seed, and the seed; then it checks them all, and reports
 * the seed (in eax) and how many places were wrong (in ebx).
 *
 *      mov esi, 0x9e3779b9
 * round:
 *      mov edi, FIRST_PAGE * 4096
 * fill:
 *      mov eax, edi
 *      xor eax, esi
 *      mov [edi], eax
 *      mov [edi + 4], esi
 *      add edi, STRIDE
 *      cmp edi, PAGES * 4096
 *      jb fill
 *      xor ebx, ebx
 *      mov edi, FIRST_PAGE * 4096
 * check:
 *      mov eax, edi
 *      xor eax, esi
 *      cmp [edi], eax
 *      jne wrong
 *      cmp [edi + 4], esi
 *      je right
 * wrong:
 *      inc ebx
 * right:
 *      add edi, STRIDE
 *      cmp edi, PAGES * 4096
 *      jb check
 *      mov eax, esi
 *      out PORT, eax
 *      imul esi, esi, 0x9e3779b1
 *      jmp round
 */
#define LE32(n) (n) & 0xff, (n) >> 8 & 0xff, (n) >> 16 & 0xff, (n) >> 24 & 0xff

static const uint8_t code[] = {
        0xbe,
        LE32(0x9e3779b9u), /* 00 mov esi */
        0xbf,
        LE32(FIRST_PAGE * 4096), /* 05 round: mov edi */
        0x89,
        0xf8, /* 0a fill: mov eax, edi */
        0x31,
        0xf0, /* 0c xor eax, esi */
        0x89,
        0x07, /* 0e mov [edi], eax */
        0x89,
        0x77,
        0x04, /* 10 mov [edi + 4], esi */
        0x81,
        0xc7,
        LE32(STRIDE), /* 13 add edi */
        0x81,
        0xff,
        LE32(PAGES * 4096), /* 19 cmp edi */
        0x72,
        0x0a - 0x21 + 0x100, /* 1f jb fill */
        0x31,
        0xdb, /* 21 xor ebx, ebx */
        0xbf,
        LE32(FIRST_PAGE * 4096), /* 23 mov edi */
        0x89,
        0xf8, /* 28 check: mov eax, edi */
        0x31,
        0xf0, /* 2a xor eax, esi */
        0x39,
        0x07, /* 2c cmp [edi], eax */
        0x75,
        0x35 - 0x30, /* 2e jne wrong */
        0x39,
        0x77,
        0x04, /* 30 cmp [edi + 4], esi */
        0x74,
        0x36 - 0x35, /* 33 je right */
        0x43,        /* 35 wrong: inc ebx */
        0x81,
        0xc7,
        LE32(STRIDE), /* 36 right: add edi */
        0x81,
        0xff,
        LE32(PAGES * 4096), /* 3c cmp edi */
        0x72,
        0x28 - 0x44 + 0x100, /* 42 jb check */
        0x89,
        0xf0, /* 44 mov eax, esi */
        0xe7,
        PORT, /* 46 out PORT, eax */
        0x69,
        0xf6,
        LE32(0x9e3779b1u), /* 48 imul esi, esi */
        0xe9,
        LE32(0x05u - 0x53u), /* 4e jmp round */
};
_Static_assert(sizeof(code) == 0x53, "as many bytes as the jumps reckon with");

struct vm {
        int kvm, fd, vcpu;
        struct kvm_run *run;
        size_t run_bytes;
};

static void vm_free(struct vm *vm)
{
        if (vm->run)
                (void)munmap(vm->run, vm->run_bytes);
        close_fd(&vm->vcpu);
        close_fd(&vm->fd);
        close_fd(&vm->kvm);
}

static struct kvm_segment flat(uint16_t selector, uint8_t type)
{
        return (struct kvm_segment){.limit = UINT32_MAX,
                                    .selector = selector,
                                    .type = type,
                                    .present = 1,
                                    .db = 1,
                                    .s = 1,
                                    .g = 1};
}

/* NULL, or what this machine cannot do. */
static const char *vm_new(struct vm *vm, void *ram, size_t length)
{
        struct kvm_userspace_memory_region memory = {.memory_size = length,
                                                     .userspace_addr = (uintptr_t)ram};
        struct kvm_regs regs = {.rip = CODE_PAGE * PAGE_BYTES, .rflags = 2};
        struct kvm_sregs sregs;
        int run_bytes;

        *vm = (struct vm){-1, -1, -1, NULL, 0};
        vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
        if (vm->kvm < 0)
                return "/dev/kvm cannot be opened";
        vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
        if (vm->fd < 0)
                return "KVM creates no VM";
        if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &memory) < 0)
                return "KVM takes no memory";
        vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0);
        run_bytes = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
        if (vm->vcpu < 0 || run_bytes < 0)
                return "KVM creates no virtual processor";
        vm->run_bytes = (size_t)run_bytes;
        vm->run = mmap(NULL, vm->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
        if (vm->run == MAP_FAILED) {
                vm->run = NULL;
                return "KVM maps no virtual processor";
        }
        if (ioctl(vm->vcpu, KVM_GET_SREGS, &sregs) < 0)
                return "KVM shows no registers";
        sregs.cr0 |= 1; /* protected mode */
        sregs.cs = flat(8, 11);
        sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = flat(16, 3);
        if (ioctl(vm->vcpu, KVM_SET_SREGS, &sregs) < 0 || ioctl(vm->vcpu, KVM_SET_REGS, &regs) < 0)
                return "KVM takes no protected mode";
        return NULL;
}

/* A signal that came just before KVM_RUN would be lost but for immediate_exit. */
static struct kvm_run *kicked;

static void kick(int signal_number)
{
        (void)signal_number;
        __atomic_store_n(&kicked->immediate_exit, 1, __ATOMIC_RELAXED);
}

static void kick_after(struct vm *vm, unsigned seconds)
{
        struct sigaction action = {.sa_handler = kick};

        kicked = vm->run;
        g_assert_cmpint(sigaction(SIGALRM, &action, NULL), ==, 0);
        (void)alarm(seconds);
}

/* Runs the guest to its next report. NULL, or what happened instead. */
static const char *next_report(struct vm *vm, uint32_t *ret_seed, uint64_t *ret_wrong)
{
        struct kvm_regs regs;

        if (ioctl(vm->vcpu, KVM_RUN, 0) < 0)
                return errno == EINTR ? "the guest does not get on" : g_strerror(errno);
        if (vm->run->exit_reason != KVM_EXIT_IO || vm->run->io.port != PORT || vm->run->io.size != 4)
                return "the guest stopped for another reason than its report";
        memcpy(ret_seed, (const char *)vm->run + vm->run->io.data_offset, sizeof(*ret_seed));
        if (ioctl(vm->vcpu, KVM_GET_REGS, &regs) < 0)
                return g_strerror(errno);
        *ret_wrong = regs.rbx;
        return NULL;
}

/* As it was filled, but for the places that the guest writes to. */
static void verify_ram(const unsigned char *ram, uint32_t seed)
{
        unsigned char expected[PAGE_BYTES];

        for (uint32_t page = FIRST_PAGE; page < PAGES; page++) {
                const unsigned char *at = ram + page * PAGE_BYTES;

                content_write(expected, page, 0);
                for (uint32_t place = 0; place < PAGE_BYTES; place += STRIDE) {
                        uint32_t pair[] = {(uint32_t)(page * PAGE_BYTES + place) ^ seed, seed};

                        memcpy(expected + place, pair, sizeof(pair));
                }
                if (memcmp(at, expected, PAGE_BYTES) != 0)
                        g_error("guest page %u is wrong", page);
        }
}

/* Whether the toy runs here at all, with memory of its own and no pager. */
static const char *probe(void)
{
        unsigned char *ram =
                mmap(NULL, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        const char *obstacle;
        uint64_t wrong = 0;
        uint32_t seed;
        struct vm vm;

        g_assert_true(ram != MAP_FAILED);
        memcpy(ram + CODE_PAGE * PAGE_BYTES, code, sizeof(code));
        obstacle = vm_new(&vm, ram, PAGES * PAGE_BYTES);
        if (!obstacle) {
                kick_after(&vm, PATIENCE_S);
                obstacle = next_report(&vm, &seed, &wrong);
                (void)alarm(0);
        }
        if (!obstacle && wrong)
                obstacle = "KVM runs the guest wrong";
        vm_free(&vm);
        (void)munmap(ram, PAGES * PAGE_BYTES);
        return obstacle;
}

static void run_under_limit(unsigned codec)
{
        struct aerostat_pager_config config;
        struct aerostat_pager_stats before, after;
        const char *obstacle;
        struct guest guest;
        uint32_t seed = 0;
        struct vm vm;

        if (!pager_possible())
                return;
        obstacle = probe();
        if (obstacle) {
                g_test_skip(obstacle);
                return;
        }
        aerostat_pager_config_init(&config);
        config.swap_dir = "/var/tmp";
        config.sample_period_ms = 1000; /* its pages are parked, too */
        config.codec = codec;
        guest_new(&guest, PAGES, &config);
        memcpy(guest_page(&guest, CODE_PAGE), code, sizeof(code));
        guest_limit(&guest, LIMIT);
        obstacle = vm_new(&vm, guest.ram, PAGES * PAGE_BYTES);
        g_assert_cmpstr(obstacle, ==, NULL);
        for (unsigned round = 0; round < ROUNDS; round++) {
                uint64_t wrong;

                before = guest_stats(&guest);
                kick_after(&vm, PATIENCE_S);
                obstacle = next_report(&vm, &seed, &wrong);
                if (obstacle)
                        g_error("round %u: %s", round, obstacle);
                g_assert_cmpuint(wrong, ==, 0);
                after = guest_stats(&guest);
                /* All of it went by, twice. */
                g_assert_cmpuint(after.decompressions + after.swap_ins, >,
                                 before.decompressions + before.swap_ins + LIMIT);
                g_assert_cmpuint(after.parks, >, before.parks + LIMIT);
        }
        (void)alarm(0);
        verify_ram(guest.ram, seed);
        guest_settle(&guest);
        vm_free(&vm);
        aerostat_pager_free(guest.pager);
        verify_ram(guest.ram, seed);
        g_assert_cmpmem(guest_page(&guest, CODE_PAGE), sizeof(code), code, sizeof(code));
        g_assert_cmpint(munmap(guest.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(guest.generation);
}

static void test_with_cache(void)
{
        run_under_limit(AEROSTAT_PAGER_CODEC_LZ4);
}

static void test_swap_alone(void)
{
        run_under_limit(AEROSTAT_PAGER_CODEC_OFF);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/kvm/with-cache", test_with_cache);
        g_test_add_func("/kvm/swap-alone", test_swap_alone);
        return g_test_run();
}
