/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-stocktake"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#include "model/muster-loan.h"
#include "model/muster-time.h"
#include "model/muster-uuid.h"

/* As many as the daemon takes at once. */
#define MAX_SCANS 1000

/* --- stocktakes --- */

static const MusterCtlColumn stocktake_columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                     { N_ ("STATUS"), 0 },
                                                     { N_ ("BEGUN"), 0 },
                                                     { N_ ("APPLIED"), 0 },
                                                     { N_ ("ID"), 0 },
                                                     { NULL, 0 } };
static const char *const     stocktake_fields[] = { "name",       "status", "created_at",
                                                    "applied_at", "id",     NULL };
static const char *const     stocktake_keys[] = { "name", NULL };

const MusterCtlCollection muster_ctl_stocktakes = {
  &muster_stocktake_info, stocktake_columns,     stocktake_fields, "-id",
  stocktake_keys,         N_ ("No stocktakes."),
};

static void
print_counts (JsonObject *object)
{
  JsonObject *counts = muster_api_json_get_object (object, "counts");

  if (counts != NULL)
    muster_ctl_print (_ ("as expected %d, missing %d, extra %d, moved here %d, unknown %d\n"),
                      (int)json_object_get_int_member_with_default (counts, "expected", 0),
                      (int)json_object_get_int_member_with_default (counts, "missing", 0),
                      (int)json_object_get_int_member_with_default (counts, "extra", 0),
                      (int)json_object_get_int_member_with_default (counts, "moved", 0),
                      (int)json_object_get_int_member_with_default (counts, "unknown", 0));
}

/* OBJECT is taken; NULL gives FALSE. */
static gboolean
show_scanned (MusterCtl *ctl, JsonObject *object)
{
  static const MusterCtlColumn columns[] = { { N_ ("CODE"), 0 },
                                             { N_ ("RESULT"), 0 },
                                             { N_ ("WHAT"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("COUNTED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("DETAIL"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  static const char *const     names[] = { "code", "result", "title", "counted", "detail", NULL };
  g_autoptr (JsonObject) owned = object != NULL ? json_object_ref (object) : NULL;
  gboolean shown = muster_ctl_show_rows (ctl, object, "items", columns, names, _ ("No scans."));

  if (shown && !ctl->json)
    print_counts (owned);
  return shown;
}

static JsonObject *
make_scan (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, "\t", 2);
  JsonObject      *scan = json_object_new ();
  g_autofree char *id = muster_uuid_new (g_get_real_time ());
  char             now[MUSTER_TIME_TEXT_LENGTH + 1];

  json_object_set_string_member (scan, "id", id);
  json_object_set_string_member (scan, "code", g_strstrip (words[0]));
  json_object_set_string_member (scan, "scanned_at", muster_time_format (g_get_real_time (), now));
  if (words[1] != NULL)
    json_object_set_int_member (scan, "quantity", g_ascii_strtoll (words[1], NULL, 10));
  return scan;
}

/* One code a line, a tab and the quantity behind it where there are several. */
static gboolean
scan_lines (MusterCtl *ctl, const char *id, GError **error)
{
  g_autofree char *line = NULL;
  size_t           size = 0;
  gboolean         more = TRUE;

  while (more)
    {
      g_autoptr (JsonArray) scans = json_array_new ();

      while (json_array_get_length (scans) < MAX_SCANS &&
             (more = getline (&line, &size, stdin) >= 0))
        if (*g_strchomp (line) != '\0')
          json_array_add_object_element (scans, make_scan (line));
      if (json_array_get_length (scans) > 0 &&
          !show_scanned (ctl, dex_await_boxed (muster_api_stocktakes_send_scans (
                                                 ctl->client, id, g_steal_pointer (&scans)),
                                               error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan (MusterCtl *ctl, MusterEntity *stocktake, char **rest, GError **error)
{
  const char *id = muster_entity_get_id (stocktake);
  gint64      quantity = 1;

  if (g_str_equal (rest[0], "-"))
    return scan_lines (ctl, id, error);
  if (rest[1] != NULL &&
      !g_ascii_string_to_signed (rest[1], 10, G_MININT32, G_MAXINT32, &quantity, error))
    return FALSE;
  return show_scanned (ctl, dex_await_boxed (muster_api_stocktakes_scan (ctl->client, id, rest[0],
                                                                         quantity, NULL),
                                             error));
}

static gboolean
lines (MusterCtl *ctl, MusterEntity *stocktake, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("CODE"), 0 },
                                             { N_ ("RESULT"), 0 },
                                             { N_ ("COUNTED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("EXPECTED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { NULL, 0 } };
  static const char *const     names[] = { "code", "result", "counted", "expected", NULL };
  const MusterApiListQuery     query = { .sort = "result,code", .limit = 1000 };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_stocktakes_list_lines (ctl->client, muster_entity_get_id (stocktake), &query),
    error);

  return page != NULL &&
         muster_ctl_show_rows (ctl, json_object_ref (muster_api_page_get_json (page)), "items",
                               columns, names, _ ("Nothing is expected there."));
}

static gboolean
show (MusterCtl *ctl, MusterEntity *stocktake, char **rest, GError **error)
{
  g_autoptr (JsonObject) object =
      dex_await_boxed (muster_api_stocktakes_get (ctl->client, muster_entity_get_id (stocktake)),
                       error);

  if (object == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (object);
  else
    {
      muster_ctl_print_record (ctl, stocktake);
      print_counts (object);
    }
  return TRUE;
}

static gboolean
apply (MusterCtl *ctl, MusterEntity *stocktake, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("LEFT ALONE"), 0 },
                                             { N_ ("WHY"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  static const char *const     names[] = { "code", "detail", NULL };
  JsonObject                  *object = NULL;

  if (rest[0] != NULL && !g_str_equal (rest[0], "retire") && !g_str_equal (rest[0], "keep"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("say what becomes of missing units: retire or keep"));
      return FALSE;
    }
  object = dex_await_boxed (muster_api_stocktakes_apply (ctl->client,
                                                         muster_entity_get_id (stocktake), rest[0]),
                            error);
  if (object != NULL && !ctl->json)
    muster_ctl_print (_ ("%d set right\n"),
                      (int)json_object_get_int_member_with_default (object, "applied", 0));
  return muster_ctl_show_rows (ctl, object, "conflicts", columns, names, _ ("Nothing left alone."));
}

static gboolean
cancel (MusterCtl *ctl, MusterEntity *stocktake, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_stocktakes_cancel (ctl->client, muster_entity_get_id (stocktake)),
                      error));
}

static gboolean
resume (MusterCtl *ctl, MusterEntity *stocktake, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_stocktakes_resume (ctl->client, muster_entity_get_id (stocktake)),
                      error));
}

gboolean
muster_ctl_stocktake_run (MusterCtl              *ctl,
                          const MusterCtlCommand *command,
                          char                  **args,
                          GError                **error)
{
  static const MusterCtlVerb verbs[] = {
    { "show", TRUE, 0, 0, show },
    { "scan", TRUE, 1, 2, scan },
    { "lines", TRUE, 0, 0, lines },
    { "apply", TRUE, 0, 1, apply },
    { "cancel", TRUE, 0, 0, cancel },
    { "resume", TRUE, 0, 0, resume },
    { NULL },
  };

  return muster_ctl_collection_run (&muster_ctl_stocktakes, verbs, ctl, command, args, error);
}

/* --- loans --- */

static const MusterCtlColumn loan_columns[] = { { N_ ("BORROWER"), MUSTER_CTL_COLUMN_ELIDE },
                                                { N_ ("DUE"), 0 },
                                                { N_ ("RETURNED"), 0 },
                                                { N_ ("DEVICE"), 0 },
                                                { N_ ("ID"), 0 },
                                                { NULL, 0 } };
static const char *const     loan_fields[] = { "borrower",  "due_at", "returned_at",
                                               "device_id", "id",     NULL };
static const char *const     no_keys[] = { NULL };

static const MusterCtlCollection loans = {
  &muster_loan_info, loan_columns, loan_fields, "due_at", no_keys, N_ ("No loans."),
};

static gboolean
list_overdue (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  char             now[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autofree char *due =
    g_strconcat ("due_at.max=", muster_time_format (g_get_real_time (), now), NULL);
  char *filters[] = { (char *)"returned_at=null", due, NULL };

  return muster_ctl_collection_list (&loans, ctl, filters, error);
}

/* The open loan of a device, or the loan of that id. (transfer full) */
static char *
find_loan (MusterCtl *ctl, const char *text, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) device = muster_ctl_find_device (ctl, text, &cause);
  const char *loan_id = NULL;

  if (device == NULL && muster_uuid_is_valid (text) &&
      g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    return g_strdup (text);
  if (device == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  loan_id = muster_entity_get_string (device, "loan_id");
  if (loan_id == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, _ ("%s is not lent"),
                 muster_entity_get_string (device, "name"));
  return g_strdup (loan_id);
}

static gboolean
take_back (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autofree char *id = find_loan (ctl, rest[0], error);
  g_autoptr (MusterEntity) place = NULL;

  if (id != NULL && rest[1] != NULL)
    place = muster_ctl_collection_find (&muster_ctl_locations, ctl, rest[1], error);
  if (id == NULL || (rest[1] != NULL && place == NULL))
    return FALSE;
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_loans_return (ctl->client, id,
                                               place != NULL ? muster_entity_get_id (place) : NULL),
                      error));
}

gboolean
muster_ctl_loans_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlVerb verbs[] = {
    { "overdue", FALSE, 0, 0, list_overdue },
    { "return", FALSE, 1, 2, take_back },
    { NULL },
  };

  return muster_ctl_collection_run (&loans, verbs, ctl, command, args, error);
}

/* --- replacing, and codes --- */

gboolean
muster_ctl_replace_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autofree char   *reason = NULL;
  const GOptionEntry entries[] = { { "reason", 0, 0, G_OPTION_ARG_STRING, &reason,
                                     N_ ("Why, for the history"), N_ ("TEXT") },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonObject) object = NULL;
  const char *final = NULL;

  if (!muster_ctl_parse (ctl, command, entries, &positional, 2, 2, error))
    return FALSE;
  device = muster_ctl_find_device (ctl, positional[1], error);
  if (device == NULL)
    return FALSE;
  object = dex_await_boxed (muster_api_devices_replace (
                              ctl->client, muster_entity_get_id (device),
                              muster_uuid_is_valid (positional[2]) ? NULL : positional[2],
                              muster_uuid_is_valid (positional[2]) ? positional[2] : NULL, reason),
                            error);
  if (object == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  final = muster_api_json_get_string (object, "final");
  muster_ctl_print (_ ("%s has a new device: %s\n"), muster_entity_get_string (device, "name"),
                    positional[2]);
  if (final != NULL)
    muster_ctl_print ("%s\n", final);
  return TRUE;
}

gboolean
muster_ctl_scan_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) object = NULL;
  const char *subtitle = NULL;
  const char *id = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error))
    return FALSE;
  object = dex_await_boxed (muster_api_scan (ctl->client, positional[1]), error);
  if (object == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  subtitle = muster_api_json_get_string (object, "subtitle");
  id = muster_api_json_get_string (object, "id");
  muster_ctl_print ("%s  %s  %s  %s\n", muster_api_json_get_string (object, "kind"),
                    muster_api_json_get_string (object, "title"), subtitle != NULL ? subtitle : "",
                    id != NULL ? id : "");
  return TRUE;
}
