/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CFI_H
#define CFI_H

#include "memory.h"
#include "mf_flash.h"

extern const struct mf_flash_ops cfi_ops;

/* A region of such a flash: `sector` is what is erased at once. */
#define CFI_REGION(address, size, sector) { &cfi_ops, (void *)(address), size, sector, 256 }

#endif
