/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ship-dialog"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-orders.h"
#include "model/muster-adoption-code.h"
#include "model/muster-order-item.h"
#include "muster-ship-dialog.h"
#include "scanning/muster-scan.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-references.h"

#define MAX_UNITS 1000

/* A line of goods of which something is left to ship. */
typedef struct
{
  MusterEntity *item; /* (owned) */
  GtkWidget    *row;  /* borrowed: a spin row, or an expander with a row for each unit */
  GPtrArray *units; /* (owned) (nullable) (element-type GtkCheckButton) borrowed from their rows */
} Line;

struct _MusterShipDialog
{
  AdwDialog parent_instance;

  MusterSession *session;  /* (owned) */
  MusterEntity  *order;    /* (owned) */
  GPtrArray     *lines;    /* (owned) (element-type Line) */
  DexFuture     *shipping; /* (owned) (nullable) */
  gboolean       scanned_one;

  /* Template children */
  GtkWidget           *ship;
  AdwBanner           *banner;
  AdwPreferencesGroup *lines_group;
  GtkWidget           *scan_group;
  AdwEntryRow         *scan;
  GtkLabel            *scanned;
  AdwEntryRow         *carrier;
  AdwEntryRow         *tracking;
};

G_DEFINE_FINAL_TYPE (MusterShipDialog, muster_ship_dialog, ADW_TYPE_DIALOG)

static void
line_free (gpointer data)
{
  Line *line = data;

  g_object_unref (line->item);
  g_clear_pointer (&line->units, g_ptr_array_unref);
  g_free (line);
}

static MusterEntity *
get_unit (GtkWidget *check)
{
  return g_object_get_data (G_OBJECT (check), "muster-unit");
}

static gint64
count_units (Line *line)
{
  gint64 count = 0;

  for (unsigned i = 0; i < line->units->len; i++)
    count += gtk_check_button_get_active (line->units->pdata[i]);
  return count;
}

static gint64
count_line (Line *line)
{
  if (line->units != NULL)
    return count_units (line);
  return ADW_IS_SPIN_ROW (line->row) ? adw_spin_row_get_value (ADW_SPIN_ROW (line->row)) : 0;
}

/* The one place that says what is chosen and whether it can go. */
static void
muster_ship_dialog_update (MusterShipDialog *self)
{
  gint64           total = 0;
  g_autofree char *label = NULL;

  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];

      total += count_line (line);
      if (line->units != NULL)
        {
          g_autofree char *text = g_strdup_printf (_ ("%" G_GINT64_FORMAT " of %u units"),
                                                   count_units (line), line->units->len);

          adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (line->row), text);
        }
    }
  /* Translators: a button; the number is that of the units. */
  label =
    total > 0 ? g_strdup_printf (_ ("_Ship %" G_GINT64_FORMAT), total) : g_strdup (_ ("_Ship"));
  gtk_button_set_label (GTK_BUTTON (self->ship), label);
  gtk_widget_set_sensitive (self->ship, total > 0 && self->shipping == NULL);
}

static const char *
get_serial (MusterEntity *device)
{
  const char *serial = muster_entity_get_string (device, "serial");

  return serial != NULL ? serial : muster_entity_get_string (device, "name");
}

/* Where it lies, and what it is called: the names of places come later. */
static void
describe_unit (MusterShipDialog *self, GtkWidget *check)
{
  static const char *const fields[] = { "location_id", "name", NULL };
  MusterEntity            *device = g_object_get_data (G_OBJECT (check), "muster-unit");
  GtkWidget               *row = gtk_widget_get_ancestor (check, ADW_TYPE_ACTION_ROW);
  g_autofree char         *about = muster_record_format_line (self->session, device, fields);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), about);
}

static void
muster_ship_dialog_names_cb (MusterShipDialog *self)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];

      for (unsigned j = 0; line->units != NULL && j < line->units->len; j++)
        describe_unit (self, line->units->pdata[j]);
    }
}

static void
add_unit (MusterShipDialog *self, Line *line, MusterEntity *device)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", get_serial (device), NULL);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_serial (device), -1);
  g_object_set_data_full (G_OBJECT (check), "muster-unit", g_object_ref (device), g_object_unref);
  g_signal_connect_object (check, "toggled", G_CALLBACK (muster_ship_dialog_update), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (line->row), row);
  g_ptr_array_add (line->units, check);
  describe_unit (self, check);
}

static const char *
get_name (Line *line)
{
  const char *name = muster_entity_get_string (line->item, "description");

  return name != NULL ? name : _ ("Goods");
}

/* Goods without units of their own: how many of those that are set aside. */
static void
show_quantity (MusterShipDialog *self, Line *line)
{
  gint64 reserved = muster_entity_get_integer (line->item, "reserved");

  line->row = adw_spin_row_new_with_range (0, reserved, 1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line->row), get_name (line));
  adw_spin_row_set_value (ADW_SPIN_ROW (line->row), reserved);
  g_signal_connect_object (line->row, "notify::value", G_CALLBACK (muster_ship_dialog_update), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->lines_group, line->row);
}

static void
show_units (MusterShipDialog *self, Line *line, MusterApiPage *page)
{
  line->units = g_ptr_array_new ();
  line->row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line->row), get_name (line));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (line->row),
                                 muster_api_page_get_length (page) <= 6);
  adw_preferences_group_add (self->lines_group, line->row);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    add_unit (self, line, muster_api_page_get (page, i));
  gtk_widget_set_visible (self->scan_group, TRUE);
}

/* Which units are set aside for each line: the records of the units know. */
static DexFuture *
muster_ship_dialog_load_fiber (gpointer user_data)
{
  MusterShipDialog *self = user_data;
  MusterApiClient  *client = muster_session_get_client (self->session);

  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line       *line = self->lines->pdata[i];
      const char *filters[] = { "order_item_id", muster_entity_get_id (line->item), "status",
                                "reserved", NULL };
      const MusterApiListQuery query = { .sort = "serial", .limit = MAX_UNITS, .filters = filters };
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterApiPage) page =
                  dex_await_object (muster_api_devices_list (client, &query), &error);

      if (self->lines_group == NULL)
        return dex_future_new_true ();
      if (page == NULL)
        {
          adw_banner_set_title (self->banner, error->message);
          adw_banner_set_revealed (self->banner, TRUE);
        }
      else if (muster_api_page_get_length (page) > 0)
        show_units (self, line, page);
      else
        show_quantity (self, line);
    }
  muster_ship_dialog_update (self);
  return dex_future_new_true ();
}

/* --- scanning --- */

static GtkWidget *
find_unit (MusterShipDialog *self, const char *serial)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];

      for (unsigned j = 0; line->units != NULL && j < line->units->len; j++)
        if (g_ascii_strcasecmp (get_serial (get_unit (line->units->pdata[j])), serial) == 0)
          return line->units->pdata[j];
    }
  return NULL;
}

static void
clear_units (MusterShipDialog *self)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];

      for (unsigned j = 0; line->units != NULL && j < line->units->len; j++)
        gtk_check_button_set_active (line->units->pdata[j], FALSE);
    }
}

static void
show_scanned (MusterShipDialog *self, gboolean right, const char *format, const char *serial)
{
  g_autofree char *text = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (format, serial);
#pragma GCC diagnostic pop
  gtk_label_set_label (self->scanned, text);
  gtk_widget_set_visible (GTK_WIDGET (self->scanned), TRUE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->scanned), right ? "error" : "success");
  gtk_widget_add_css_class (GTK_WIDGET (self->scanned), right ? "success" : "error");
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
take_code (MusterShipDialog *self, const char *code)
{
  g_autofree char *serial = NULL, *secret = NULL;
  GtkWidget       *check;

  if (!muster_adoption_code_is_one (code) ||
      !muster_adoption_code_parse (code, &serial, &secret, NULL))
    serial = g_strstrip (g_strdup (code));
  if (secret != NULL)
    memset (secret, 0, strlen (secret));
  check = find_unit (self, serial);
  if (check == NULL)
    {
      show_scanned (self, FALSE, _ ("%s is not set aside for this order"), serial);
      return;
    }
  if (!self->scanned_one)
    clear_units (self);
  self->scanned_one = TRUE;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  show_scanned (self, TRUE, _ ("%s goes along"), serial);
  muster_ship_dialog_update (self);
}

static void
muster_ship_dialog_scan_cb (MusterShipDialog *self)
{
  g_autofree char *code = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->scan)));

  if (*code == '\0')
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->scan), "");
  take_code (self, code);
}

static gboolean
muster_ship_dialog_scanned (GtkWidget *widget, const char *code, gpointer user_data)
{
  take_code (MUSTER_SHIP_DIALOG (widget), code);
  return TRUE;
}

/* --- shipping --- */

static JsonObject *
write_line (Line *line)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "order_item_id", muster_entity_get_id (line->item));
  json_object_set_int_member (object, "quantity", count_line (line));
  if (line->units != NULL)
    {
      JsonArray *ids = json_array_new ();

      for (unsigned i = 0; i < line->units->len; i++)
        if (gtk_check_button_get_active (line->units->pdata[i]))
          json_array_add_string_element (ids,
                                         muster_entity_get_id (get_unit (line->units->pdata[i])));
      json_object_set_array_member (object, "device_ids", ids);
    }
  return object;
}

static JsonObject *
write_shipment (MusterShipDialog *self)
{
  JsonObject *object = json_object_new ();
  JsonArray  *lines = json_array_new ();
  const char *carrier = gtk_editable_get_text (GTK_EDITABLE (self->carrier));
  const char *tracking = gtk_editable_get_text (GTK_EDITABLE (self->tracking));

  for (unsigned i = 0; i < self->lines->len; i++)
    if (count_line (self->lines->pdata[i]) > 0)
      json_array_add_object_element (lines, write_line (self->lines->pdata[i]));
  json_object_set_array_member (object, "lines", lines);
  if (*carrier != '\0')
    json_object_set_string_member (object, "carrier", carrier);
  if (*tracking != '\0')
    json_object_set_string_member (object, "tracking_number", tracking);
  return object;
}

static DexFuture *
muster_ship_dialog_shipped_cb (DexFuture *future, gpointer user_data)
{
  MusterShipDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  dex_clear (&self->shipping);
  if (self->lines_group == NULL)
    return dex_future_new_true ();
  muster_ship_dialog_update (self);
  if (value == NULL)
    {
      adw_banner_set_title (self->banner, error->message);
      adw_banner_set_revealed (self->banner, TRUE);
      return dex_future_new_true ();
    }
  text =
    g_strdup_printf (_ ("%s is on its way"),
                     muster_api_json_get_string (g_value_get_boxed (value), "delivery_number"));
  muster_session_offer_journal_undo (self->session, text, "delivery",
                                     muster_api_json_get_string (g_value_get_boxed (value), "id"));
  adw_dialog_close (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_ship_dialog_ship_cb (MusterShipDialog *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  self->shipping =
    dex_future_finally (muster_api_orders_ship (muster_session_get_client (self->session),
                                                muster_entity_get_id (self->order),
                                                write_shipment (self)),
                        muster_ship_dialog_shipped_cb, g_object_ref (self), g_object_unref);
  muster_ship_dialog_update (self);
}

static void
muster_ship_dialog_cancel_cb (MusterShipDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* --- life --- */

static void
muster_ship_dialog_dispose (GObject *object)
{
  MusterShipDialog *self = MUSTER_SHIP_DIALOG (object);

  dex_clear (&self->shipping);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SHIP_DIALOG);
  G_OBJECT_CLASS (muster_ship_dialog_parent_class)->dispose (object);
}

static void
muster_ship_dialog_finalize (GObject *object)
{
  MusterShipDialog *self = MUSTER_SHIP_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_object (&self->order);
  g_ptr_array_unref (self->lines);
  G_OBJECT_CLASS (muster_ship_dialog_parent_class)->finalize (object);
}

static void
muster_ship_dialog_class_init (MusterShipDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_ship_dialog_dispose;
  object_class->finalize = muster_ship_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/ship-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, ship);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, lines_group);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, scan_group);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, scan);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, scanned);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, carrier);
  gtk_widget_class_bind_template_child (widget_class, MusterShipDialog, tracking);
  gtk_widget_class_bind_template_callback (widget_class, muster_ship_dialog_ship_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_ship_dialog_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_ship_dialog_scan_cb);
}

static void
muster_ship_dialog_init (MusterShipDialog *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->scan_group, FALSE);
  muster_scan_claim (GTK_WIDGET (self), muster_ship_dialog_scanned, NULL, NULL);
}

AdwDialog *
muster_ship_dialog_new (MusterSession *session, MusterEntity *order, GPtrArray *items)
{
  MusterShipDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (items != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SHIP_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->order = g_object_ref (order);
  for (unsigned i = 0; i < items->len; i++)
    {
      MusterEntity *item = items->pdata[i];
      Line         *line;

      if (muster_entity_get_enum (item, "kind") != MUSTER_ORDER_LINE_KIND_ITEM ||
          muster_entity_get_integer (item, "reserved") == 0)
        continue;
      line = g_new0 (Line, 1);
      line->item = g_object_ref (item);
      g_ptr_array_add (self->lines, line);
    }
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_ship_dialog_names_cb), self, G_CONNECT_SWAPPED);
  muster_ship_dialog_update (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_ship_dialog_load_fiber,
                                          g_object_ref (self), g_object_unref));
  return ADW_DIALOG (self);
}
