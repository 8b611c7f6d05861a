/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-collection"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "client/muster-api-calls.h"
#include "client/muster-api-collection.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-firmware.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#include "model/muster-alert-rule.h"
#include "model/muster-device.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-notification-channel.h"
#include "model/muster-person.h"
#include "model/muster-test-plan.h"
#include "model/muster-uuid.h"

#define PAGE 1000

/* --- finding --- */

static const char *const device_keys[] = { "serial", "name", NULL };
static const char *const person_keys[] = { "name", "email", NULL };
static const char *const name_keys[] = { "name", NULL };

/* What is only named, and listed elsewhere or not at all. */
static const MusterCtlCollection named[] = {
  { .info = &muster_device_info, .keys = device_keys },
  { .info = &muster_person_info, .keys = person_keys },
  { .info = &muster_notification_channel_info, .keys = name_keys },
  { .info = &muster_escalation_info, .keys = name_keys },
  { .info = &muster_duty_calendar_info, .keys = name_keys },
  { .info = &muster_alert_rule_info, .keys = name_keys },
  { .info = &muster_test_plan_info, .keys = name_keys },
};

const MusterCtlCollection *
muster_ctl_collection_of (const char *entity)
{
  const MusterCtlCollection *const all[] = { &muster_ctl_products, &muster_ctl_locations,
                                             &muster_ctl_batches,  &muster_ctl_stocktakes,
                                             &muster_ctl_firmware, &muster_ctl_firmware_sets };

  for (unsigned i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_str_equal (all[i]->info->name, entity))
      return all[i];
  for (unsigned i = 0; i < G_N_ELEMENTS (named); i++)
    if (g_str_equal (named[i].info->name, entity))
      return &named[i];
  return NULL;
}

static MusterEntity *
find_by (const MusterCtlCollection *self,
         MusterCtl                 *ctl,
         const char                *key,
         const char                *text,
         GError                   **error)
{
  const char        *filters[] = { key, text, NULL };
  MusterApiListQuery query = { .limit = 10, .filters = filters };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_call_page (ctl->client, muster_api_request_new ("GET", self->info->path, "", NULL),
                          &query, self->info),
    error);

  if (page == NULL || muster_api_page_get_length (page) == 0)
    return NULL;
  if (muster_api_page_get_length (page) == 1)
    return g_object_ref (muster_api_page_get (page, 0));
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               _ ("%u records have the %s “%s”: give the id"), muster_api_page_get_length (page),
               key, text);
  return NULL;
}

MusterEntity *
muster_ctl_collection_find (const MusterCtlCollection *self,
                            MusterCtl                 *ctl,
                            const char                *text,
                            GError                   **error)
{
  g_autoptr (GError) cause = NULL;

  if (muster_uuid_is_valid (text))
    return dex_await_object (
      muster_api_call_entity (ctl->client,
                              muster_api_request_new ("GET", self->info->path, text, NULL),
                              self->info),
      error);
  /* A comma would make two values of it. */
  for (const char *const *key = self->keys; *key != NULL && strchr (text, ',') == NULL; key++)
    {
      MusterEntity *entity = find_by (self, ctl, *key, text, &cause);

      if (entity != NULL)
        return entity;
      /* What this field could never hold may be the value of the next. */
      if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_INVALID))
        g_clear_error (&cause);
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return NULL;
        }
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, _ ("no %s is called “%s”"),
               self->info->name, text);
  return NULL;
}

/* --- reading pairs --- */

/* The id of the record of ENTITY that TEXT names: (transfer full). */
static char *
resolve (MusterCtl *ctl, const char *entity, const char *text, GError **error)
{
  const MusterCtlCollection *collection = muster_ctl_collection_of (entity);
  g_autoptr (MusterEntity) found = NULL;

  if (collection == NULL || *text == '\0' || muster_uuid_is_valid (text) ||
      g_str_equal (text, "null"))
    return g_strdup (text);
  found = muster_ctl_collection_find (collection, ctl, text, error);
  return found != NULL ? g_strdup (muster_entity_get_id (found)) : NULL;
}

static const MusterField *
find_field (const MusterField *fields, unsigned n_fields, const char *name)
{
  for (unsigned i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].name, name))
      return &fields[i];
  /* "location" for "location_id" */
  for (unsigned i = 0; i < n_fields; i++)
    if (fields[i].type == MUSTER_FIELD_UUID && g_str_has_prefix (fields[i].name, name) &&
        g_str_equal (fields[i].name + strlen (name), "_id"))
      return &fields[i];
  return NULL;
}

static JsonNode *
decode (const MusterField *field, const char *text, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GString) json = g_string_new (NULL);
  MusterValue value = { .is_null = TRUE };
  JsonNode   *node = NULL;

  if (muster_field_decode_text (field, text, field->name, &value, errors))
    {
      muster_field_encode_value (field, &value, json);
      node = json_from_string (json->str, NULL);
    }
  muster_value_clear (field, &value);
  muster_field_errors_check (errors, error);
  return node;
}

gboolean
muster_ctl_read_pair (MusterCtl         *ctl,
                      const MusterField *fields,
                      unsigned           n_fields,
                      const char        *pair,
                      JsonObject        *object,
                      GError           **error)
{
  g_autofree char   *name = NULL;
  g_autofree char   *text = NULL;
  const char        *value = NULL;
  const MusterField *field = NULL;
  JsonNode          *node = NULL;

  if (!muster_ctl_split_pair (pair, &name, &value, error))
    return FALSE;
  field = find_field (fields, n_fields, name);
  if (field == NULL || (field->flags & MUSTER_FIELD_READ_ONLY))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   field == NULL ? _ ("there is no field “%s”") : _ ("“%s” cannot be set"), name);
      return FALSE;
    }
  text =
    field->references != NULL ? resolve (ctl, field->references, value, error) : g_strdup (value);
  node = text != NULL ? decode (field, text, error) : NULL;
  if (node == NULL)
    return FALSE;
  json_object_set_member (object, field->name, node);
  return TRUE;
}

JsonObject *
muster_ctl_read_pairs (MusterCtl         *ctl,
                       const MusterField *fields,
                       unsigned           n_fields,
                       char             **pairs,
                       GError           **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (; *pairs != NULL; pairs++)
    if (!muster_ctl_read_pair (ctl, fields, n_fields, *pairs, object, error))
      return NULL;
  return g_steal_pointer (&object);
}

/* --- listing --- */

/* Options of lists, read by every command of a collection. */
typedef struct
{
  char    *q;
  char    *sort;
  int      limit;
  gboolean all;
} ListOptions;

static void
list_options_clear (ListOptions *self)
{
  g_free (self->q);
  g_free (self->sort);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ListOptions, list_options_clear)

/* name, value, name, value … of `name=value`; a record is named as anywhere else. */
static char **
read_filters (const MusterCtlCollection *self, MusterCtl *ctl, char **pairs, GError **error)
{
  g_autoptr (GStrvBuilder) filters = g_strv_builder_new ();

  for (; *pairs != NULL; pairs++)
    {
      g_autofree char   *name = NULL;
      const char        *value = NULL;
      const MusterField *field = NULL;
      char              *text = NULL;

      if (!muster_ctl_split_pair (*pairs, &name, &value, error))
        return NULL;
      field = find_field (self->info->fields, self->info->n_fields, name);
      text = field != NULL && field->references != NULL
               ? resolve (ctl, field->references, value, error)
               : g_strdup (value);
      if (text == NULL)
        return NULL;
      g_strv_builder_add (filters, field != NULL ? field->name : name);
      g_strv_builder_take (filters, text);
    }
  return g_strv_builder_end (filters);
}

static void
print_pages (const MusterCtlCollection *self, MusterCtl *ctl, GPtrArray *pages)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  MusterApiPage *last = pages->pdata[pages->len - 1];

  for (unsigned i = 0; i < pages->len; i++)
    g_ptr_array_extend (records, muster_api_page_get_items (pages->pdata[i]), NULL, NULL);
  muster_ctl_print_page (ctl, records, self->columns, self->fields, _ (self->empty));
  if (muster_api_page_get_next (last) != NULL)
    muster_ctl_print (_ ("%u of %" PRId64 "; --all shows the rest\n"), records->len,
                      muster_api_page_get_total (last));
}

static gboolean
list_records (const MusterCtlCollection *self,
              MusterCtl                 *ctl,
              const ListOptions         *options,
              char                     **pairs,
              GError                   **error)
{
  g_auto (GStrv) filters = read_filters (self, ctl, pairs, error);
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);
  MusterApiListQuery query = { .q = options->q,
                               .sort = options->sort != NULL ? options->sort : self->sort,
                               .limit = options->all ? PAGE : MAX (options->limit, 0),
                               .filters = (const char *const *)filters };

  if (filters == NULL)
    return FALSE;
  do
    {
      MusterApiPage *page =
        dex_await_object (muster_api_call_page (ctl->client,
                                                muster_api_request_new ("GET", self->info->path, "",
                                                                        NULL),
                                                &query, self->info),
                          error);

      if (page == NULL)
        return FALSE;
      g_ptr_array_add (pages, page);
      query.cursor = muster_api_page_get_next (page);
    }
  while (options->all && query.cursor != NULL);
  if (ctl->json)
    muster_ctl_print_pages_json (pages);
  else
    print_pages (self, ctl, pages);
  return TRUE;
}

gboolean
muster_ctl_collection_list (const MusterCtlCollection *self,
                            MusterCtl                 *ctl,
                            char                     **filters,
                            GError                   **error)
{
  const ListOptions options = { 0 };

  return list_records (self, ctl, &options, filters, error);
}

char **
muster_ctl_collection_list_ids (const MusterCtlCollection *self,
                                MusterCtl                 *ctl,
                                char                     **filters,
                                GError                   **error)
{
  g_auto (GStrv) pairs = read_filters (self, ctl, filters, error);
  const MusterApiListQuery query = { .filters = (const char *const *)pairs };

  return pairs != NULL
           ? dex_await_boxed (muster_api_collection_list_ids (ctl->client, self->info, &query),
                              error)
           : NULL;
}

/* --- one record --- */

gboolean
muster_ctl_show_entity (MusterCtl *ctl, MusterEntity *entity)
{
  if (entity == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (entity);
  else
    muster_ctl_print_record (ctl, entity);
  g_object_unref (entity);
  return TRUE;
}

static gboolean
add_record (const MusterCtlCollection *self, MusterCtl *ctl, char **pairs, GError **error)
{
  JsonObject *body =
    muster_ctl_read_pairs (ctl, self->info->fields, self->info->n_fields, pairs, error);
  MusterApiRequest *request = NULL;

  if (body == NULL)
    return FALSE;
  request = muster_api_request_new ("POST", self->info->path, "", NULL);
  muster_api_request_take_object (request, body);
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_call_entity (ctl->client, request, self->info), error));
}

static gboolean
set_record (const MusterCtlCollection *self,
            MusterCtl                 *ctl,
            MusterEntity              *record,
            char                     **pairs,
            GError                   **error)
{
  JsonObject *changes =
    muster_ctl_read_pairs (ctl, self->info->fields, self->info->n_fields, pairs, error);

  if (changes == NULL)
    return FALSE;
  return muster_ctl_show_entity (
    ctl, dex_await_object (
           muster_api_call_update (ctl->client,
                                   muster_api_request_new ("PUT", self->info->path,
                                                           muster_entity_get_id (record), NULL),
                                   changes, muster_entity_get_revision (record), self->info),
           error));
}

static gboolean
delete_record (const MusterCtlCollection *self,
               MusterCtl                 *ctl,
               MusterEntity              *record,
               GError                   **error)
{
  return dex_await (muster_api_call_delete (ctl->client,
                                            muster_api_request_new ("DELETE", self->info->path,
                                                                    muster_entity_get_id (record),
                                                                    NULL),
                                            muster_entity_get_revision (record)),
                    error);
}

/* --- the command --- */

static gboolean
refuse_usage (const MusterCtlCommand *command, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}

static gboolean
run_verb (const MusterCtlCollection *self,
          const MusterCtlVerb       *verb,
          MusterCtl                 *ctl,
          const MusterCtlCommand    *command,
          char                     **rest,
          GError                   **error)
{
  int n_rest = (int)g_strv_length (rest) - verb->takes_record;
  g_autoptr (MusterEntity) record = NULL;

  if (n_rest < verb->minimum || (verb->maximum >= 0 && n_rest > verb->maximum))
    return refuse_usage (command, error);
  if (!verb->takes_record)
    return verb->run (ctl, NULL, rest, error);
  record = muster_ctl_collection_find (self, ctl, rest[0], error);
  return record != NULL && verb->run (ctl, record, rest + 1, error);
}

/* A verb that every collection has. */
static gboolean
run_common (const MusterCtlCollection *self,
            MusterCtl                 *ctl,
            const MusterCtlCommand    *command,
            char                     **words,
            GError                   **error)
{
  unsigned n_words = g_strv_length (words);
  g_autoptr (MusterEntity) record = NULL;

  if (g_str_equal (words[0], "add"))
    return add_record (self, ctl, words + 1, error);
  if (!(g_str_equal (words[0], "set")
          ? n_words > 2
          : n_words == 2 && (g_str_equal (words[0], "show") || g_str_equal (words[0], "delete"))))
    return refuse_usage (command, error);
  record = muster_ctl_collection_find (self, ctl, words[1], error);
  if (record == NULL)
    return FALSE;
  if (g_str_equal (words[0], "set"))
    return set_record (self, ctl, record, words + 2, error);
  return g_str_equal (words[0], "show") ? muster_ctl_show_entity (ctl, g_steal_pointer (&record))
                                        : delete_record (self, ctl, record, error);
}

gboolean
muster_ctl_collection_run (const MusterCtlCollection *self,
                           const MusterCtlVerb       *verbs,
                           MusterCtl                 *ctl,
                           const MusterCtlCommand    *command,
                           char                     **args,
                           GError                   **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_auto (ListOptions) options = { 0 };
  char             **words = NULL;
  const GOptionEntry entries[] = {
    { "q", 'q', 0, G_OPTION_ARG_STRING, &options.q, N_ ("Only those that hold these words"),
      N_ ("WORDS") },
    { "sort", 's', 0, G_OPTION_ARG_STRING, &options.sort, N_ ("Order, as in -created_at,name"),
      N_ ("FIELDS") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &options.limit, N_ ("At most so many"), N_ ("NUMBER") },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all, N_ ("All of them"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, -1, error))
    return FALSE;
  words = positional + 1;
  if (words[0] == NULL || strchr (words[0], '=') != NULL)
    return list_records (self, ctl, &options, words, error);
  if (g_str_equal (words[0], "list"))
    return list_records (self, ctl, &options, words + 1, error);
  for (const MusterCtlVerb *verb = verbs; verb != NULL && verb->name != NULL; verb++)
    if (g_str_equal (verb->name, words[0]))
      return run_verb (self, verb, ctl, command, words + 1, error);
  return run_common (self, ctl, command, words, error);
}
