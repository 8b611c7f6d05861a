/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_CRC32_H
#define MF_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 of ISO-HDLC (polynomial 0x04C11DB7 reflected, as in Ethernet and zip): mf_crc32 (0,
 * "123456789", 9) is 0xCBF43926. What it returned goes on as `crc` with the bytes that follow. No
 * table: flash is dearer than time here. */
uint32_t mf_crc32 (uint32_t crc, const void *data, size_t size);

#endif
