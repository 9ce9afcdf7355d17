/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes what the fuzzers begin with: make-corpus control|codec|soap|json|http|websocket DIRECTORY */
#include <aerostat/pager-protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pager/codec.h"

static const char *directory;

static void write_seed(const char *name, const void *data, size_t size)
{
        char path[4096];
        FILE *f;

        (void)snprintf(path, sizeof(path), "%s/%s", directory, name);
        f = fopen(path, "wbe");
        if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) {
                perror(path);
                exit(EXIT_FAILURE);
        }
}

/* One seed for each request as it is, and one with all of them in the short form. */
static void control_seeds(void)
{
        static const struct {
                const char *name;
                uint8_t type;
                uint64_t value[2];
        } requests[] = {
                {"stats", AEROSTAT_PAGER_GET_STATS, {0}},
                {"limit", AEROSTAT_PAGER_SET_LIMIT, {4u << 20}},
                {"reservation", AEROSTAT_PAGER_SET_RESERVATION, {1u << 20}},
                {"cache", AEROSTAT_PAGER_SET_CACHE_PCT, {50}},
                {"codec", AEROSTAT_PAGER_SET_CODEC, {AEROSTAT_PAGER_CODEC_ZSTD}},
                {"sampling", AEROSTAT_PAGER_SET_SAMPLING, {1000, 50}},
                {"subscribe", AEROSTAT_PAGER_SUBSCRIBE, {100}},
                {"no-limit", AEROSTAT_PAGER_SET_LIMIT, {AEROSTAT_PAGER_UNLIMITED}},
        };
        const size_t n = sizeof(requests) / sizeof(requests[0]);
        uint8_t all[1 + 9 * sizeof(requests) / sizeof(requests[0])] = {0};

        for (size_t i = 0; i < n; i++) {
                struct aerostat_pager_request request = {.magic = AEROSTAT_PAGER_MAGIC,
                                                         .version = AEROSTAT_PAGER_VERSION,
                                                         .type = requests[i].type,
                                                         .serial = i};
                uint64_t brief = requests[i].value[0] | requests[i].value[1] << 32;
                uint8_t seed[1 + sizeof(request)] = {1};

                memcpy(request.value, requests[i].value, sizeof(request.value));
                memcpy(seed + 1, &request, sizeof(request));
                write_seed(requests[i].name, seed, sizeof(seed));
                all[1 + 9 * i] = requests[i].type;
                memcpy(all + 1 + 9 * i + 1, &brief, sizeof(brief));
        }
        write_seed("all", all, sizeof(all));
        write_seed("short", "\1x", 2);
}

/* Pages of a few kinds, by each codec. */
static void codec_seeds(void)
{
        uint64_t page[512];
        struct codec *codec;

        if (codec_new(&codec) < 0)
                exit(EXIT_FAILURE);
        for (unsigned shape = 0; shape < 4; shape++) {
                for (size_t i = 0; i < 512; i++)
                        page[i] = shape == 0   ? 0
                                  : shape == 1 ? i
                                  : shape == 2 ? (i % 7) * 0x0101010101010101
                                               : (i % 4 ? 0 : (i + 1) * 0x9e3779b97f4a7c15);
                for (enum codec_kind kind = CODEC_LZ4; kind <= CODEC_ZSTD; kind++) {
                        uint8_t seed[1 + CODEC_STORED_MAX] = {(uint8_t)kind};
                        size_t n = codec_compress(codec, kind, page, seed + 1);
                        char name[32];

                        (void)snprintf(name, sizeof(name), "%u-%d", shape, (int)kind);
                        if (n)
                                write_seed(name, seed, 1 + n);
                }
        }
        codec_free(codec);
}

static void text_seeds(const char *const *texts, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                char name[32];

                (void)snprintf(name, sizeof(name), "%zu", i);
                write_seed(name, texts[i], strlen(texts[i]));
        }
}

#define XMLNS                                                                 \
        " xmlns=\"urn:vim25\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"" \
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

/* Calls, and values of many kinds. */
static void soap_seeds(void)
{
        static const char *const texts[] = {
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header><operationID>1"
                "</operationID></e:Header><e:Body><ReconfigVM_Task" XMLNS
                "><_this type=\"VirtualMachine\">vm-1"
                "</_this><spec xsi:type=\"VirtualMachineConfigSpec\"><memoryMB>512</memoryMB><deviceChange>"
                "<operation>add</operation><device xsi:type=\"VirtualDisk\"><key>1</key><capacityInKB>5"
                "</capacityInKB></device></deviceChange></spec></ReconfigVM_Task></e:Body></e:Envelope>",
                "<v" XMLNS " xsi:type=\"LocalizedMethodFault\"><fault xsi:type=\"InvalidPowerState\">"
                "<faultCause><fault/></faultCause><existingState>poweredOn</existingState></fault></v>",
                "<v" XMLNS
                " xsi:type=\"ArrayOfAnyType\"><a xsi:type=\"xsd:dateTime\">2020-02-29T12:00:00.5+02:00</a>"
                "<a xsi:type=\"xsd:base64Binary\">aGVsbG8=</a><a xsi:type=\"xsd:double\">1e-3</a>"
                "<a xsi:type=\"ManagedObjectReference\" type=\"Folder\">g</a><a xsi:type=\"NotFound\"/>"
                "<a xsi:type=\"xsd:boolean\">1</a><a xsi:nil=\"1\"/><a><![CDATA[b]]>&amp;&#65;</a></v>",
                "<v" XMLNS " xsi:type=\"ObjectContent\"><obj type=\"Folder\">g</obj><propSet><name>a</name>"
                "<val xsi:type=\"ArrayOfInt\"><int>1</int></val></propSet><missingSet><path>b</path>"
                "<fault><fault xsi:type=\"NotFound\"/></fault></missingSet></v>",
        };

        text_seeds(texts, sizeof(texts) / sizeof(texts[0]));
}

static void json_seeds(void)
{
        static const char *const texts[] = {
                "{\"spec\":{\"memoryMB\":512,\"deviceChange\":[{\"operation\":\"add\",\"device\":"
                "{\"_typeName\":\"VirtualDisk\",\"key\":1,\"capacityInKB\":5}}]}}",
                "{\"_typeName\":\"LocalizedMethodFault\",\"fault\":{\"_typeName\":\"NotFound\"}}",
                "{\"_typeName\":\"ArrayOfAnyType\",\"_value\":[{\"_typeName\":\"dateTime\",\"_value\":"
                "\"2020-02-29T12:00:00.5+02:00\"},{\"_typeName\":\"double\",\"_value\":\"INF\"},1,-2.5e3,"
                "true,"
                "null,\"\\u00e9\\n\",{\"_typeName\":\"ManagedObjectReference\",\"type\":\"Folder\","
                "\"value\":"
                "\"g\"},{\"_typeName\":\"VirtualMachinePowerState\",\"_value\":\"poweredOn\"}]}",
        };

        text_seeds(texts, sizeof(texts) / sizeof(texts[0]));
}

static void http_seeds(void)
{
        static const char post[] = "POST /sdk HTTP/1.1\r\nHost: x\r\nSOAPAction: \"urn:vim25/6.7\"\r\n"
                                   "Cookie: vmware_soap_session=\"1\"\r\nContent-Length: 5\r\n\r\nhello";
        static const char put[] = "PUT /folder/a%20b/c.vmdk?dcPath=d&dsName=store+1 HTTP/1.1\r\nHost: x\r\n"
                                  "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
                                  "5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\nGET / HTTP/1.0\r\n\r\n";
        static const char get[] = "\r\nGET https://x/sdk/vim25/7.0/Folder/%2e%2e/name HTTP/1.1\nHost: x\n"
                                  "Range: bytes=0-1,-5\n\n";
        static const char *const texts[] = {post, put, get};

        text_seeds(texts, sizeof(texts) / sizeof(texts[0]));
}

/* Frames of each kind and each size of length, in pieces and one behind the other; ends of each kind. */
static void websocket_seeds(void)
{
#define PING "\x89\x81\x01\x02\x03\x04\x70"
#define SEED(text)                     \
        {                              \
                text, sizeof(text) - 1 \
        }
        static const struct {
                const char *text;
                size_t size;
        } seeds[] = {
                SEED("\x82\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
                SEED("\x02\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" PING "\0\x80\0\0\0\0" PING
                     "\x80\x82\x01\0\0\0\x31\x32"),
                SEED("\x82\xfe\0\x7e\x01\x02\x03\x04"
                     "0123456789"),
                SEED("\x82\xff\0\0\0\0\0\x01\0\0\x01\x02\x03\x04"
                     "0123456789"),
                SEED("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"),
                SEED("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"),
                SEED("\x8a\x80\0\0\0\0\x88\x84\0\0\0\0\x03\xe8ok"),
                SEED("\x88\x82\0\0\0\0\x03\xed"),
                SEED("\x88\x81\0\0\0\0\x03"),
                SEED("\x88\x80\0\0\0\0"),
                SEED("\x81\x80\0\0\0\0"),
        };

        for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
                char name[32];

                (void)snprintf(name, sizeof(name), "%zu", i);
                write_seed(name, seeds[i].text, seeds[i].size);
        }
#undef PING
#undef SEED
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*write)(void);
        } kinds[] = {{"control", control_seeds}, {"codec", codec_seeds}, {"soap", soap_seeds},
                     {"json", json_seeds},       {"http", http_seeds},   {"websocket", websocket_seeds}};

        for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
                if (strcmp(argv[1], kinds[i].name) != 0)
                        continue;
                directory = argv[2];
                (void)mkdir(directory, 0755);
                kinds[i].write();
                return EXIT_SUCCESS;
        }
        (void)fprintf(stderr, "usage: make-corpus control|codec|soap|json|http|websocket DIRECTORY\n");
        return EXIT_FAILURE;
}
