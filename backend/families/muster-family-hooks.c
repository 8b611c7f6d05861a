/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-hooks"

#include "config.h"

#include "muster-family-host-private.h"

JsonNode *
muster_family_hook_run (const char *name, MusterFamilyScope *scope)
{
  return NULL;
}
