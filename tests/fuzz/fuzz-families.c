/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "discovery/muster-families.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A classification table: it is refused with a reason, or gives a record a name. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t wire[] = "\x11mac=a8032ab12345\x06name=x";
  g_autoptr (MusterTxt) txt = muster_txt_new_from_wire (wire, sizeof wire - 1, NULL);
  g_autoptr (MusterMdnsRecord) record =
              muster_mdns_record_new ("_http._tcp", "shellyplus1-a8032ab12345", "local", 2, 4,
                                      "shellyplus1.local", "192.0.2.7", 80, txt);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterFamilies) families =
              muster_families_new_from_json ((const char *)data, size, &error);
  g_autoptr (MusterClassification) found = NULL;

  if ((families == NULL) != (error != NULL))
    g_error ("neither a table nor a reason, or both");
  if (families == NULL)
    return 0;
  found = muster_families_classify (families, record);
  if (found == NULL || found->name == NULL)
    g_error ("a record without a name");
  return 0;
}
