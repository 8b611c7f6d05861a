/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-inventory-actions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "model/muster-device.h"
#include "model/muster-loan.h"
#include "model/muster-stock-move.h"
#include "model/muster-time.h"
#include "muster-doing.h"
#include "muster-inventory-actions.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-date-row.h"
#include "widgets/muster-field-row.h"
#include "widgets/muster-job-run.h"
#include "widgets/muster-reference-row.h"

/* What a question is about. */
typedef struct
{
  MusterSession          *session;
  GtkWidget              *parent;
  const MusterEntityInfo *info;
  const char *const      *fields;
  char                  **ids;
  GtkWidget              *row; /* of the field that is edited; borrowed from the dialog */
} Subject;

static Subject *
subject_new (MusterSession          *session,
             GtkWidget              *parent,
             const MusterEntityInfo *info,
             const char *const      *ids)
{
  Subject *subject = g_new0 (Subject, 1);

  subject->session = g_object_ref (session);
  subject->parent = g_object_ref (parent);
  subject->info = info;
  subject->ids = g_strdupv ((char **)ids);
  return subject;
}

static void
subject_free (gpointer data)
{
  Subject *subject = data;

  g_object_unref (subject->session);
  g_object_unref (subject->parent);
  g_strfreev (subject->ids);
  g_free (subject);
}

/* --- many at a time --- */

/* CHANGES is taken. */
static void
run (MusterSession          *session,
     GtkWidget              *parent,
     const char             *kind,
     const MusterEntityInfo *info,
     char                  **ids,
     JsonObject             *changes,
     const char             *title)
{
  g_autoptr (JsonObject) owned = changes;
  const MusterApiJobDraft draft = { .kind = kind,
                                    .entity = info->name,
                                    .ids = (const char *const *)ids,
                                    .changes = owned,
                                    .title = title };

  if (ids != NULL && ids[0] != NULL)
    muster_job_run (session, parent, &draft);
}

static void
muster_inventory_place_cb (GtkWidget *const *rows, gpointer user_data)
{
  Subject         *subject = user_data;
  const char      *id = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[0]));
  MusterEntity    *place = muster_reference_row_get_record (MUSTER_REFERENCE_ROW (rows[0]));
  JsonObject      *changes = json_object_new ();
  g_autofree char *title = NULL;

  if (id != NULL)
    json_object_set_string_member (changes, "location_id", id);
  else
    json_object_set_null_member (changes, "location_id");
  title = place != NULL
            ? g_strdup_printf (_ ("Moved to %s"), muster_entity_get_string (place, "name"))
            : g_strdup (_ ("Taken from their places"));
  run (subject->session, subject->parent, "move", &muster_device_info, subject->ids, changes,
       title);
}

void
muster_inventory_move_units (MusterSession *session, GtkWidget *parent, char **ids)
{
  unsigned         count = g_strv_length (ids);
  GtkWidget       *rows[2] = { NULL };
  g_autofree char *heading = NULL;

  if (count == 0)
    return;
  heading = g_strdup_printf (ngettext ("Move %u Unit", "Move %u Units", count), count);
  rows[0] = muster_reference_row_new (session, "location", _ ("To"), TRUE);
  muster_ask (parent, heading, NULL, rows, _ ("_Move"), muster_inventory_place_cb,
              subject_new (session, parent, &muster_device_info, (const char *const *)ids),
              subject_free);
}

void
muster_inventory_set_status (MusterSession          *session,
                             GtkWidget              *parent,
                             const MusterEntityInfo *info,
                             char                  **ids,
                             const char             *status)
{
  const MusterEnum *enumeration = info->machine->states;
  JsonObject       *changes = json_object_new ();
  int               value = muster_enum_parse (enumeration, status);

  json_object_set_string_member (changes, info->machine_field, status);
  run (session, parent, "status", info, ids, changes,
       value >= 0 ? _ (muster_enum_get_label (enumeration, value)) : status);
}

void
muster_inventory_delete (MusterSession          *session,
                         GtkWidget              *parent,
                         const MusterEntityInfo *info,
                         char                  **ids)
{
  run (session, parent, "delete", info, ids, NULL, _ ("Deleted"));
}

/* --- one field of many --- */

static void
muster_inventory_edit_cb (GtkWidget *const *rows, gpointer user_data)
{
  Subject           *subject = user_data;
  const MusterField *field = muster_field_row_get_field (subject->row);
  g_autofree char   *text = muster_field_row_dup_text (subject->row);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;
  MusterValue      value = { 0 };
  JsonObject      *changes = NULL;

  if (!muster_field_decode_text (field, text, field->name, &value, errors))
    {
      muster_field_errors_check (errors, &error);
      muster_session_tell_error (subject->session, _ ("Not changed"), error);
      return;
    }
  muster_field_encode_value (field, &value, json);
  muster_value_clear (field, &value);
  changes = json_object_new ();
  json_object_set_member (changes, field->name, json_from_string (json->str, NULL));
  title = g_strdup_printf (_ ("%s changed"), _ (field->label));
  run (subject->session, subject->parent, "edit", subject->info, subject->ids, changes, title);
}

static const MusterField *
get_nth_field (Subject *subject, unsigned n)
{
  return &subject->info->fields[muster_entity_info_find (subject->info, subject->fields[n])];
}

/* The row of the value follows the choice of the field. */
static void
muster_inventory_field_cb (AdwComboRow *combo, GParamSpec *pspec, Subject *subject)
{
  const MusterField *field = get_nth_field (subject, adw_combo_row_get_selected (combo));
  GtkWidget         *list = gtk_widget_get_parent (GTK_WIDGET (combo));

  if (subject->row != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (list), subject->row);
  subject->row = muster_field_row_new (subject->session, field, "");
  gtk_list_box_append (GTK_LIST_BOX (list), subject->row);
}

void
muster_inventory_edit (MusterSession          *session,
                       GtkWidget              *parent,
                       const MusterEntityInfo *info,
                       const char *const      *fields,
                       char                  **ids)
{
  unsigned   count = g_strv_length (ids);
  Subject   *subject = NULL;
  GtkWidget *rows[2] = { NULL };
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autofree char *heading = NULL;

  if (count == 0)
    return;
  subject = subject_new (session, parent, info, (const char *const *)ids);
  subject->fields = fields;
  heading = g_strdup_printf (ngettext ("Change %u Record", "Change %u Records", count), count);
  for (unsigned i = 0; fields[i] != NULL; i++)
    gtk_string_list_append (labels, _ (get_nth_field (subject, i)->label));
  rows[0] = g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("Field"), "model", labels, NULL);
  muster_ask (parent, heading, NULL, rows, _ ("_Change"), muster_inventory_edit_cb, subject,
              subject_free);
  g_signal_connect (rows[0], "notify::selected", G_CALLBACK (muster_inventory_field_cb), subject);
  muster_inventory_field_cb (ADW_COMBO_ROW (rows[0]), NULL, subject);
}

/* --- loans --- */

static GtkWidget *
create_entry (const char *title)
{
  return g_object_new (ADW_TYPE_ENTRY_ROW, "title", title, NULL);
}

static const char *
get_text (GtkWidget *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return *text != '\0' ? text : NULL;
}

static void
muster_inventory_lend_cb (GtkWidget *const *rows, gpointer user_data)
{
  Subject    *subject = user_data;
  char        due[MUSTER_TIME_TEXT_LENGTH + 1];
  JsonObject *loan = json_object_new ();

  muster_time_format (muster_date_row_get_time (MUSTER_DATE_ROW (rows[1])), due);
  json_object_set_string_member (loan, "device_id", subject->ids[0]);
  json_object_set_string_member (loan, "borrower", gtk_editable_get_text (GTK_EDITABLE (rows[0])));
  json_object_set_string_member (loan, "due_at", due);
  if (get_text (rows[2]) != NULL)
    json_object_set_string_member (loan, "notes", get_text (rows[2]));
  muster_do_and_offer (subject->session,
                       muster_api_loans_create (muster_session_get_client (subject->session), loan),
                       "device", subject->ids[0],
                       g_strdup_printf (_ ("Lent to %s"),
                                        gtk_editable_get_text (GTK_EDITABLE (rows[0]))),
                       _ ("Could not lend it"));
}

static void
muster_inventory_borrower_cb (AdwDialog *dialog, GtkEditable *borrower)
{
  muster_ask_set_ready (dialog, *gtk_editable_get_text (borrower) != '\0');
}

void
muster_inventory_lend (MusterSession *session, GtkWidget *parent, const char *device_id)
{
  const char *ids[] = { device_id, NULL };
  GtkWidget  *rows[4] = { NULL };
  AdwDialog  *dialog;

  rows[0] = create_entry (_ ("Borrower"));
  rows[1] = muster_date_row_new (_ ("Due"), muster_session_get_zone (session));
  rows[2] = create_entry (_ ("Notes"));
  muster_date_row_set_time (MUSTER_DATE_ROW (rows[1]),
                            g_get_real_time () + 14 * (gint64)G_TIME_SPAN_DAY);
  dialog = muster_ask (parent, _ ("Lend"), NULL, rows, _ ("_Lend"), muster_inventory_lend_cb,
                       subject_new (session, parent, &muster_device_info, ids), subject_free);
  muster_ask_set_ready (dialog, FALSE);
  g_signal_connect_object (rows[0], "changed", G_CALLBACK (muster_inventory_borrower_cb), dialog,
                           G_CONNECT_SWAPPED);
}

void
muster_inventory_return_loan (MusterSession *session, const char *loan_id)
{
  muster_do_and_offer (session,
                       muster_api_loans_return (muster_session_get_client (session), loan_id, NULL),
                       "loan", loan_id, g_strdup (_ ("Taken back from the loan")),
                       _ ("Could not take it back"));
}

/* --- goods kept by quantity --- */

static const struct
{
  MusterMoveReason reason;
  const char      *label;
} reasons[] = {
  { MUSTER_MOVE_REASON_MOVE, N_ ("Move to another place") },
  { MUSTER_MOVE_REASON_ADJUST, N_ ("Correct the quantity") },
  { MUSTER_MOVE_REASON_SCRAP, N_ ("Scrap") },
  { MUSTER_MOVE_REASON_RETURN, N_ ("Bring back into stock") },
};

enum
{
  GOODS_REASON,
  GOODS_PRODUCT,
  GOODS_QUANTITY,
  GOODS_FROM,
  GOODS_TO,
  GOODS_NOTE,
  N_GOODS,
};

static MusterMoveReason
get_reason (GtkWidget *row)
{
  return reasons[adw_combo_row_get_selected (ADW_COMBO_ROW (row))].reason;
}

static void
set_reference (JsonObject *object, const char *member, GtkWidget *row)
{
  const char *id = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row));

  if (gtk_widget_get_visible (row) && id != NULL)
    json_object_set_string_member (object, member, id);
}

static void
muster_inventory_goods_cb (GtkWidget *const *rows, gpointer user_data)
{
  Subject         *subject = user_data;
  MusterMoveReason reason = get_reason (rows[GOODS_REASON]);
  JsonObject      *move = json_object_new ();

  json_object_set_string_member (move, "reason",
                                 muster_enum_get_nick (&muster_move_reason_enum, reason));
  set_reference (move, "product_id", rows[GOODS_PRODUCT]);
  json_object_set_int_member (move, "quantity",
                              (gint64)adw_spin_row_get_value (ADW_SPIN_ROW (rows[GOODS_QUANTITY])));
  set_reference (move, "from_location_id", rows[GOODS_FROM]);
  set_reference (move, "to_location_id", rows[GOODS_TO]);
  if (get_text (rows[GOODS_NOTE]) != NULL)
    json_object_set_string_member (move, "note", get_text (rows[GOODS_NOTE]));
  muster_do_and_offer (subject->session,
                       muster_api_stock_moves_create (muster_session_get_client (subject->session),
                                                      move),
                       NULL, NULL,
                       g_strdup (_ (muster_enum_get_label (&muster_move_reason_enum, reason))),
                       _ ("Could not move it"));
}

/* A correction is at one place and may take away; what is scrapped goes nowhere, what comes back
 * comes from outside. */
static void
muster_inventory_reason_cb (AdwComboRow *combo, GParamSpec *pspec, GtkWidget **rows)
{
  MusterMoveReason reason = get_reason (GTK_WIDGET (combo));

  gtk_widget_set_visible (rows[GOODS_FROM], reason != MUSTER_MOVE_REASON_RETURN);
  gtk_widget_set_visible (rows[GOODS_TO],
                          reason == MUSTER_MOVE_REASON_MOVE || reason == MUSTER_MOVE_REASON_RETURN);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (rows[GOODS_FROM]),
                                 reason == MUSTER_MOVE_REASON_ADJUST ? _ ("Place") : _ ("From"));
  adw_spin_row_set_range (ADW_SPIN_ROW (rows[GOODS_QUANTITY]),
                          reason == MUSTER_MOVE_REASON_ADJUST ? -1000000 : 1, 1000000);
}

static void
free_rows (gpointer rows, GClosure *closure)
{
  g_free (rows);
}

void
muster_inventory_move_goods (MusterSession *session,
                             GtkWidget     *parent,
                             const char    *product_id,
                             const char    *location_id)
{
  static const char *const goods[] = { "tracking", "quantity", NULL };
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *rows[N_GOODS + 1] = { NULL };

  for (unsigned i = 0; i < G_N_ELEMENTS (reasons); i++)
    gtk_string_list_append (labels, _ (reasons[i].label));
  rows[GOODS_REASON] =
    g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("What"), "model", labels, NULL);
  rows[GOODS_PRODUCT] = muster_reference_row_new (session, "product", _ ("Product"), FALSE);
  rows[GOODS_QUANTITY] = adw_spin_row_new_with_range (1, 1000000, 1);
  rows[GOODS_FROM] = muster_reference_row_new (session, "location", _ ("From"), TRUE);
  rows[GOODS_TO] = muster_reference_row_new (session, "location", _ ("To"), TRUE);
  rows[GOODS_NOTE] = create_entry (_ ("Note"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (rows[GOODS_QUANTITY]), _ ("Quantity"));
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (rows[GOODS_PRODUCT]), goods);
  muster_reference_row_set_id (MUSTER_REFERENCE_ROW (rows[GOODS_PRODUCT]), product_id);
  muster_reference_row_set_id (MUSTER_REFERENCE_ROW (rows[GOODS_FROM]), location_id);
  muster_ask (parent, _ ("Move Goods"), NULL, rows, _ ("_Save"), muster_inventory_goods_cb,
              subject_new (session, parent, &muster_product_info, NULL), subject_free);
  g_signal_connect_data (rows[GOODS_REASON], "notify::selected",
                         G_CALLBACK (muster_inventory_reason_cb), g_memdup2 (rows, sizeof rows),
                         free_rows, 0);
}

/* --- replacing --- */

static void
muster_inventory_replace_cb (GtkWidget *const *rows, gpointer user_data)
{
  Subject    *subject = user_data;
  const char *with = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[0]));

  muster_do_and_offer (
    subject->session,
    muster_api_devices_replace (muster_session_get_client (subject->session), subject->ids[0],
                                with != NULL ? NULL : get_text (rows[1]), with, get_text (rows[2])),
    "device", subject->ids[0], g_strdup (_ ("The device is replaced")), _ ("Could not replace it"));
}

void
muster_inventory_replace (MusterSession *session, GtkWidget *parent, const char *device_id)
{
  static const char *const in_stock[] = { "status", "in_stock", NULL };
  const char              *ids[] = { device_id, NULL };
  GtkWidget               *rows[4] = { NULL };

  rows[0] = muster_reference_row_new (session, "device", _ ("Unit in stock"), TRUE);
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (rows[0]), in_stock);
  rows[1] = create_entry (_ ("Or a new serial number"));
  rows[2] = create_entry (_ ("Reason"));
  muster_ask (parent, _ ("Replace Device"),
              _ ("The other unit takes over name, place, groups and customer; this one goes to "
                 "maintenance."),
              rows, _ ("_Replace"), muster_inventory_replace_cb,
              subject_new (session, parent, &muster_device_info, ids), subject_free);
}
