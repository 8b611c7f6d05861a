/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "discovery/muster-candidate-book.h"
#include "discovery/muster-identifier.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char *const paths[] = { "/pair", "/shelly", "/json/info", "/cm?cmnd=Status%200" };

/* What stays is bounded and can be written as JSON. */
static void
check_book (MusterCandidateBook *book)
{
  g_autoptr (GPtrArray) list = muster_candidate_book_list (book);

  for (guint i = 0; i < list->len; i++)
    {
      g_autoptr (GString) json = g_string_new (NULL);
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (GError) error = NULL;

      muster_entity_encode (list->pdata[i], json);
      node = json_from_string (json->str, &error);
      if (node == NULL)
        g_error ("a candidate that cannot be read: %s: %s", error->message, json->str);
    }
}

/* The first byte chooses: a service type whose TXT record the rest is (its first 20 bytes also the
 * name), or a path whose answer it is. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static MusterFamilies *families;
  g_autoptr (MusterCandidateBook) book = NULL;
  g_autoptr (MusterMdnsRecord) record = NULL;
  const char *const *types = NULL;

  if (size == 0)
    return 0;
  if (families == NULL)
    families = muster_families_new ();
  types = muster_families_list_types (families);
  if (data[0] < G_N_ELEMENTS (paths))
    record = muster_identify_answer (paths[data[0]], (const char *)data + 1, size - 1, "host:80",
                                     "192.0.2.7", 80);
  else
    {
      g_autoptr (MusterTxt) txt = muster_txt_new_from_wire (data + 1, size - 1, NULL);
      g_autofree char *name = g_strndup ((const char *)data + 1, MIN (size - 1, 20));

      if (txt != NULL)
        record = muster_mdns_record_new (types[data[0] % g_strv_length ((char **)types)], name,
                                         "local", 2, 4, name, "192.0.2.7", 80, txt);
    }
  if (record == NULL)
    return 0;
  book = muster_candidate_book_new (families);
  muster_candidate_book_add (book, record, 0);
  check_book (book);
  muster_candidate_book_remove (book, record, 1);
  check_book (book);
  return 0;
}
