/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "records/muster-sbom.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A bill of materials that somebody brings: what is read of it is UTF-8, and no more than allowed.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (MusterSbom) sbom = NULL;

  muster_sbom_is_one ((const char *)data, size);
  sbom = muster_sbom_read ((const char *)data, size, NULL);
  if (sbom == NULL)
    return 0;
  g_assert_nonnull (sbom->format);
  g_assert_cmpuint (sbom->components->len, <=, MUSTER_SBOM_MAX_COMPONENTS);
  for (unsigned i = 0; i < sbom->components->len; i++)
    {
      MusterSbomComponent *component = sbom->components->pdata[i];
      const char          *texts[] = { component->name, component->version, component->licence,
                                       component->package_url };

      g_assert_nonnull (component->name);
      for (unsigned j = 0; j < G_N_ELEMENTS (texts); j++)
        g_assert_true (texts[j] == NULL || g_utf8_validate (texts[j], -1, NULL));
    }
  return 0;
}
