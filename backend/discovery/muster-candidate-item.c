/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate-item"

#include "config.h"

#include <string.h>

#include "model/muster-device.h"
#include "model/muster-uuid.h"
#include "muster-candidate-book.h"
#include "muster-candidate-item.h"

#define PAIRING_TYPE "_muster-node._tcp"
#define PAIRING_VERSION "1"
#define MAX_TOKENS 64

/* A present service with what it told, for sorting. */
typedef struct
{
  MusterMdnsRecord           *record;
  const MusterClassification *classification;
} Seen;

MusterCandidateItem *
muster_candidate_item_new (const char *key, gint64 now)
{
  MusterCandidateItem *self = g_new0 (MusterCandidateItem, 1);

  self->key = g_strdup (key);
  self->id = muster_uuid_new (now);
  self->services = g_hash_table_new_full (muster_mdns_record_hash, muster_mdns_record_same,
                                          (GDestroyNotify)muster_mdns_record_unref,
                                          (GDestroyNotify)muster_classification_free);
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->families = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->kind = muster_enum_parse (&muster_device_kind_enum, "other");
  self->kind_rank = G_MAXUINT;
  self->addresses = g_strdup ("[]");
  self->first_seen = now;
  self->last_seen = now;
  return self;
}

void
muster_candidate_item_free (MusterCandidateItem *self)
{
  g_hash_table_unref (self->services);
  g_hash_table_unref (self->tokens);
  g_hash_table_unref (self->families);
  g_free (self->key);
  g_free (self->id);
  g_free (self->mac.text);
  g_free (self->serial.text);
  g_free (self->name.text);
  g_free (self->manufacturer.text);
  g_free (self->model.text);
  g_free (self->version.text);
  g_free (self->host.text);
  g_free (self->addresses);
  g_clear_object (&self->candidate);
  g_free (self);
}

GPtrArray *
muster_classification_list_tokens (const MusterClassification *self)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_free);

  if (self->mac != NULL)
    g_ptr_array_add (tokens, g_strconcat ("mac:", self->mac, NULL));
  /* Makers number without regard to each other; only ours are unique by themselves. */
  if (self->serial != NULL && g_str_equal (self->family->family, "muster"))
    g_ptr_array_add (tokens, g_strconcat ("serial:", self->serial, NULL));
  else if (self->serial != NULL)
    g_ptr_array_add (tokens,
                     g_strconcat ("serial:", self->family->family, ":", self->serial, NULL));
  if (self->id != NULL)
    g_ptr_array_add (tokens, g_strconcat ("serial:", self->family->family, ":", self->id, NULL));
  return tokens;
}

static void
fact_offer (MusterFact *fact, const char *text, unsigned rank)
{
  if (text == NULL || (fact->text != NULL && rank > fact->rank))
    return;
  g_set_str (&fact->text, text);
  fact->rank = rank;
}

static void
muster_candidate_item_learn (MusterCandidateItem        *self,
                             MusterMdnsRecord           *record,
                             const MusterClassification *from)
{
  unsigned rank = from->family->rank;
  g_autoptr (GPtrArray) tokens = muster_classification_list_tokens (from);

  fact_offer (&self->mac, from->mac, rank);
  fact_offer (&self->serial, from->serial, rank);
  fact_offer (&self->name, from->name, rank);
  fact_offer (&self->manufacturer, from->manufacturer, rank);
  fact_offer (&self->model, from->model, rank);
  fact_offer (&self->version, from->version, rank);
  if (record->source == MUSTER_MDNS_ANNOUNCED && *record->host != '\0')
    fact_offer (&self->host, record->host, rank);
  if (rank <= self->kind_rank)
    {
      self->kind = from->kind;
      self->kind_rank = rank;
      self->family = from->family->family;
    }
  for (guint i = 0; i < tokens->len && g_hash_table_size (self->tokens) < MAX_TOKENS; i++)
    g_hash_table_add (self->tokens, g_strdup (tokens->pdata[i]));
  if (tokens->len > 0 && !g_hash_table_contains (self->families, from->family->family))
    g_hash_table_insert (self->families, (char *)from->family->family, g_strdup (tokens->pdata[0]));
}

gboolean
muster_candidate_item_add (MusterCandidateItem  *self,
                           MusterMdnsRecord     *record,
                           MusterClassification *classification)
{
  if (g_hash_table_size (self->services) >= MUSTER_CANDIDATE_MAX_SERVICES &&
      !g_hash_table_contains (self->services, record))
    {
      muster_classification_free (classification);
      return FALSE;
    }
  muster_candidate_item_learn (self, record, classification);
  g_hash_table_replace (self->services, muster_mdns_record_ref (record), classification);
  return TRUE;
}

void
muster_candidate_item_absorb (MusterCandidateItem *self, MusterCandidateItem *other)
{
  GHashTableIter        iter;
  MusterMdnsRecord     *record;
  MusterClassification *classification;
  char                 *token;

  self->first_seen = MIN (self->first_seen, other->first_seen);
  self->last_seen = MAX (self->last_seen, other->last_seen);
  g_hash_table_iter_init (&iter, other->services);
  while (g_hash_table_iter_next (&iter, (gpointer *)&record, (gpointer *)&classification))
    {
      g_hash_table_iter_steal (&iter);
      muster_candidate_item_add (self, record, classification);
      muster_mdns_record_unref (record);
    }
  g_hash_table_iter_init (&iter, other->tokens);
  while (g_hash_table_iter_next (&iter, (gpointer *)&token, NULL))
    g_hash_table_add (self->tokens, g_strdup (token));
}

gboolean
muster_candidate_item_conflicts (MusterCandidateItem *self, MusterCandidateItem *other)
{
  GHashTableIter iter;
  const char    *family;
  const char    *token;

  g_hash_table_iter_init (&iter, other->families);
  while (g_hash_table_iter_next (&iter, (gpointer *)&family, (gpointer *)&token))
    {
      const char *mine = g_hash_table_lookup (self->families, family);

      if (mine != NULL && !g_str_equal (mine, token) &&
          !g_hash_table_contains (self->tokens, token))
        return TRUE;
    }
  return FALSE;
}

/* --- the candidate --- */

static int
compare_seen (gconstpointer a, gconstpointer b)
{
  const Seen *x = a;
  const Seen *y = b;
  int         order;

  if (x->classification->family->rank != y->classification->family->rank)
    return x->classification->family->rank < y->classification->family->rank ? -1 : 1;
  order = strcmp (x->record->type, y->record->type);
  if (order == 0)
    order = strcmp (x->record->name, y->record->name);
  if (order == 0)
    order = x->record->protocol - y->record->protocol;
  return order != 0 ? order : x->record->interface - y->record->interface;
}

static GArray *
muster_candidate_item_list_seen (MusterCandidateItem *self)
{
  GArray *list =
    g_array_sized_new (FALSE, FALSE, sizeof (Seen), g_hash_table_size (self->services));
  GHashTableIter iter;
  Seen           seen;

  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, (gpointer *)&seen.record, (gpointer *)&seen.classification))
    g_array_append_val (list, seen);
  g_array_sort (list, compare_seen);
  return list;
}

static void
append_service (GString *json, MusterMdnsRecord *record)
{
  g_string_append (json, json->len > 1 ? ",{\"type\":" : "{\"type\":");
  muster_json_append_string (json, record->type, -1);
  g_string_append (json, ",\"name\":");
  muster_json_append_string (json, record->name, -1);
  g_string_append (json, ",\"host\":");
  muster_json_append_string (json, record->host, -1);
  g_string_append_printf (json, ",\"port\":%u,\"txt\":", record->port);
  muster_txt_encode (record->txt, json);
  g_string_append_c (json, '}');
}

static char *
build_services (GArray *list)
{
  g_autoptr (GString) json = g_string_new ("[");
  const MusterMdnsRecord *last = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      MusterMdnsRecord *record = g_array_index (list, Seen, i).record;

      /* The same service over several interfaces and address families is one. */
      if (last == NULL || strcmp (last->type, record->type) != 0 ||
          strcmp (last->name, record->name) != 0)
        append_service (json, record);
      last = record;
    }
  g_string_append_c (json, ']');
  return g_strdup (json->str);
}

/* IPv4 first, addresses of one link last: what most likely can be reached. */
static int
weigh_address (const char *address)
{
  if (strchr (address, ':') == NULL)
    return 0;
  return g_str_has_prefix (address, "fe80:") ? 2 : 1;
}

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
  int order = weigh_address (a) - weigh_address (b);

  return order != 0 ? order : strcmp (a, b);
}

static char *
build_addresses (GArray *list)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < list->len; i++)
    {
      char *address = g_array_index (list, Seen, i).record->address;

      if (address != NULL &&
          !g_ptr_array_find_with_equal_func (addresses, address, g_str_equal, NULL))
        g_ptr_array_add (addresses, address);
    }
  g_ptr_array_sort_values (addresses, compare_addresses);
  for (guint i = 0; i < MIN (addresses->len, MUSTER_CANDIDATE_MAX_ADDRESSES); i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, addresses->pdata[i], -1);
    }
  g_string_append_c (json, ']');
  return g_strdup (json->str);
}

static void
set_pairing (MusterEntity *entity, GArray *list)
{
  const MusterMdnsRecord *best = NULL;
  g_autofree char        *endpoint = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      const MusterMdnsRecord *record = g_array_index (list, Seen, i).record;

      if (strcmp (record->type, PAIRING_TYPE) != 0 || record->address == NULL ||
          record->port == 0 ||
          g_strcmp0 (muster_txt_get_text (record->txt, "pv"), PAIRING_VERSION) != 0)
        continue;
      if (best == NULL || compare_addresses (record->address, best->address) < 0)
        best = record;
    }
  if (best == NULL)
    return;
  endpoint = muster_format_endpoint (best->address, best->port);
  muster_entity_set_string (entity, "pairing_address", endpoint);
  muster_entity_set_boolean (entity, "pairable",
                             g_strcmp0 (muster_txt_get_text (best->txt, "st"), "new") == 0);
}

/* By the service that knows most of it. */
static void
set_family_key (MusterEntity *entity, GArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const Seen *seen = &g_array_index (list, Seen, i);

      if (seen->record->source != MUSTER_MDNS_TOLD)
        continue;
      muster_entity_set_string (entity, "family_key",
                                muster_txt_get_text (seen->record->txt, "key"));
      muster_entity_set_string (entity, "family", seen->classification->family->family);
      return;
    }
}

gboolean
muster_candidate_item_is_announced (MusterCandidateItem *self)
{
  GHashTableIter    iter;
  MusterMdnsRecord *record = NULL;

  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, (gpointer *)&record, NULL))
    if (record->source == MUSTER_MDNS_ANNOUNCED)
      return TRUE;
  return FALSE;
}

MusterCandidate *
muster_candidate_item_build (MusterCandidateItem *self)
{
  MusterEntity *entity = muster_entity_new (&muster_candidate_info);
  g_autoptr (GArray) list = muster_candidate_item_list_seen (self);
  g_autofree char *services = build_services (list);

  if (list->len > 0)
    {
      g_free (self->addresses);
      self->addresses = build_addresses (list);
    }
  muster_entity_set_string (entity, "id", self->id);
  muster_entity_set_integer (entity, "created_at", self->first_seen);
  muster_entity_set_integer (entity, "updated_at", self->last_seen);
  muster_entity_set_string (entity, "key", self->key);
  muster_entity_set_string (entity, "name", self->name.text != NULL ? self->name.text : self->key);
  muster_entity_set_enum (entity, "kind", self->kind);
  muster_entity_set_string (entity, "family", self->family);
  muster_entity_set_string (entity, "manufacturer", self->manufacturer.text);
  muster_entity_set_string (entity, "model", self->model.text);
  muster_entity_set_string (entity, "serial", self->serial.text);
  muster_entity_set_string (entity, "mac", self->mac.text);
  muster_entity_set_string (entity, "firmware_version", self->version.text);
  muster_entity_set_string (entity, "host", self->host.text);
  muster_entity_set_string (entity, "addresses", self->addresses);
  muster_entity_set_string (entity, "services", services);
  muster_entity_set_boolean (entity, "present", list->len > 0);
  muster_entity_set_integer (entity, "first_seen", self->first_seen);
  muster_entity_set_integer (entity, "last_seen", self->last_seen);
  set_pairing (entity, list);
  set_family_key (entity, list);
  return MUSTER_CANDIDATE (entity);
}

MusterMdnsRecord *
muster_candidate_item_find_probe (MusterCandidateItem *self, MusterProbe *probe)
{
  g_autoptr (GArray) list = muster_candidate_item_list_seen (self);

  for (guint i = 0; i < list->len; i++)
    {
      const Seen         *seen = &g_array_index (list, Seen, i);
      const MusterFamily *family = seen->classification->family;

      if (family->probe == MUSTER_PROBE_NONE || seen->record->address == NULL ||
          seen->record->port == 0 || !g_str_has_suffix (seen->record->type, "._tcp"))
        continue;
      *probe = family->probe;
      return seen->record;
    }
  return NULL;
}
