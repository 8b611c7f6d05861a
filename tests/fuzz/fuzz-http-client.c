/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-fuzz-http.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  return mf_fuzz_http (data, size);
}
