/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "muster-adopt-dialog.h"
#include "muster-candidate-row.h"
#include "muster-permission.h"
#include "widgets/muster-age-label.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-status-chip.h"

struct _MusterCandidateRow
{
  GtkListBoxRow parent_instance;

  MusterSession   *session;   /* (owned) */
  MusterCandidate *candidate; /* (owned) */
  gboolean         adopting;  /* asked for by one click, and not answered yet */

  /* Template children */
  GtkImage         *icon;
  GtkLabel         *name;
  MusterStatusChip *chip;
  GtkLabel         *details;
  GtkLabel         *expected;
  GtkLabel         *addresses;
  MusterAgeLabel   *age;
  GtkWidget        *adopt;
  GtkWidget        *open;
};

G_DEFINE_FINAL_TYPE (MusterCandidateRow, muster_candidate_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
get_text (MusterCandidateRow *self, const char *field)
{
  return muster_entity_get_string (MUSTER_ENTITY (self->candidate), field);
}

/* It stays with what stands before it, where the line is broken. */
#define SEPARATOR "\302\240· "

/* What it is and who made it, in one line. */
static char *
describe (MusterCandidateRow *self)
{
  static const char *const fields[] = { "manufacturer", "model", "serial" };
  g_autoptr (GString) text = g_string_new (NULL);
  int kind = muster_entity_get_enum (MUSTER_ENTITY (self->candidate), "kind");

  g_string_append (text, _ (muster_enum_get_label (&muster_device_kind_enum, kind)));
  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (get_text (self, fields[i]) != NULL)
      g_string_append_printf (text, SEPARATOR "%s", get_text (self, fields[i]));
  if (get_text (self, "family_key") != NULL)
    {
      /* Translators: a family of devices, such as “tasmota”, and how it is spoken with. */
      g_autofree char *way = g_strdup_printf (_ ("%s by MQTT"), get_text (self, "family"));

      g_string_append_printf (text, SEPARATOR "%s", way);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* What a delivery says of it: (transfer full), or NULL where none does. */
static JsonObject *
dup_expectation (MusterCandidateRow *self)
{
  const char *json = get_text (self, "expected");
  g_autoptr (JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

/* "Expected: delivered with DN-2026-000004 of PO-2026-000002", or NULL. */
static char *
describe_expectation (MusterCandidateRow *self)
{
  g_autoptr (JsonObject) expected = dup_expectation (self);
  const char *product, *delivery, *order;
  g_autoptr (GString) text = NULL;

  if (expected == NULL)
    return NULL;
  product = muster_api_json_get_string (expected, "product");
  delivery = muster_api_json_get_string (expected, "delivery_number");
  order = muster_api_json_get_string (expected, "order_number");
  text = g_string_new (product);
  if (delivery != NULL)
    {
      g_autofree char *with = g_strdup_printf (_ ("Expected: delivered with %s"), delivery);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", with);
    }
  if (order != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", order);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* Whether one click adopts it: its secret came with the delivery. */
static gboolean
is_one_click (MusterCandidateRow *self)
{
  return muster_entity_get_enum (MUSTER_ENTITY (self->candidate), "state") ==
           MUSTER_CANDIDATE_EXPECTED &&
         muster_entity_get_boolean (MUSTER_ENTITY (self->candidate), "secret_known");
}

/* The first address, and how many more there are. */
static char *
describe_addresses (MusterCandidateRow *self)
{
  const char *json = get_text (self, "addresses");
  g_autoptr (JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  unsigned n_addresses = array != NULL ? json_array_get_length (array) : 0;

  if (n_addresses == 0)
    return g_strdup (get_text (self, "host"));
  if (n_addresses == 1)
    return g_strdup (json_array_get_string_element (array, 0));
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", n_addresses - 1),
                          json_array_get_string_element (array, 0), n_addresses - 1);
}

static void
muster_candidate_row_update_actions (MusterCandidateRow *self)
{
  MusterEntity *entity = MUSTER_ENTITY (self->candidate);
  int           state = muster_entity_get_enum (entity, "state");
  gboolean      ignored = state == MUSTER_CANDIDATE_IGNORED;
  gboolean      adopted = state == MUSTER_CANDIDATE_ADOPTED;
  gboolean      adoptable = muster_entity_get_boolean (entity, "adoptable");

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "candidate.adopt",
                                 adoptable && !adopted && !ignored && !self->adopting &&
                                   muster_session_may (self->session, "adoptCandidate"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "candidate.open",
                                 !muster_entity_is_null (entity, "device_id"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "candidate.ignore",
                                 !ignored && !adopted &&
                                   muster_session_may (self->session, "ignoreCandidate"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "candidate.unignore",
                                 ignored &&
                                   muster_session_may (self->session, "unignoreCandidate"));
  gtk_widget_set_visible (self->adopt, adoptable && !adopted && !ignored);
  gtk_widget_set_visible (self->open, !muster_entity_is_null (entity, "device_id") &&
                                        !gtk_widget_get_visible (self->adopt));
}

static void
muster_candidate_row_update (MusterCandidateRow *self)
{
  MusterEntity    *entity = MUSTER_ENTITY (self->candidate);
  g_autofree char *details = describe (self);
  g_autofree char *expected = describe_expectation (self);
  g_autofree char *addresses = describe_addresses (self);
  g_autofree char *adopt_label = g_strdup_printf (_ ("Adopt %s"), get_text (self, "name"));
  gboolean         present = muster_entity_get_boolean (entity, "present");

  gtk_image_set_from_icon_name (self->icon, muster_kind_get_icon_name (get_text (self, "kind")));
  gtk_label_set_label (self->name, get_text (self, "name"));
  gtk_label_set_label (self->details, details);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->details), details);
  gtk_label_set_label (self->expected, expected != NULL ? expected : "");
  gtk_widget_set_visible (GTK_WIDGET (self->expected), expected != NULL);
  gtk_label_set_label (self->addresses, addresses != NULL ? addresses : "");
  gtk_widget_set_visible (GTK_WIDGET (self->addresses), addresses != NULL);
  muster_age_label_set_time (self->age, muster_entity_get_integer (entity, "last_seen"));
  muster_age_label_set_zone (self->age, muster_session_get_zone (self->session));
  muster_status_chip_set_candidate (self->chip, muster_entity_get_enum (entity, "state"));
  if (present)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "absent");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), "absent");
  /* The button's own text would win over the name that says which device it is about. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->adopt), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->adopt), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adopt_label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_text (self, "name"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  details, -1);
  muster_candidate_row_update_actions (self);
}

static DexFuture *
release_device (MusterSession *session, gpointer id)
{
  return muster_api_devices_release (muster_session_get_client (session), id);
}

/* What was delivered has brought its secret, name and place: nothing is left to ask. */
static DexFuture *
muster_candidate_row_adopt_fiber (gpointer user_data)
{
  MusterCandidateRow *self = user_data;
  MusterSession      *session = self->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) device =
      dex_await_object (muster_api_discovery_adopt (muster_session_get_client (session),
                                                    get_text (self, "key"), NULL, NULL, NULL),
                        &error);
  g_autofree char *text = NULL;

  self->adopting = FALSE;
  if (device == NULL)
    muster_session_tell_error (session, _ ("It could not be adopted"), error);
  else
    {
      text = g_strdup_printf (_ ("%s is adopted"), muster_entity_get_string (device, "name"));
      muster_session_offer_undo (session, text, release_device,
                                 g_strdup (muster_entity_get_id (device)), g_free);
    }
  if (self->adopt != NULL)
    muster_candidate_row_update_actions (self);
  return dex_future_new_true ();
}

static void
muster_candidate_row_adopt_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterCandidateRow *self = MUSTER_CANDIDATE_ROW (widget);

  if (is_one_click (self))
    {
      self->adopting = TRUE;
      muster_candidate_row_update_actions (self);
      dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_candidate_row_adopt_fiber,
                                              g_object_ref (self), g_object_unref));
      return;
    }
  adw_dialog_present (muster_adopt_dialog_new (self->session, self->candidate), widget);
}

static void
muster_candidate_row_open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.open-device", "s",
                              get_text (MUSTER_CANDIDATE_ROW (widget), "device_id"));
}

static DexFuture *
unignore_key (MusterSession *session, gpointer key)
{
  return muster_api_discovery_unignore (muster_session_get_client (session), key);
}

static DexFuture *
muster_candidate_row_ignore_fiber (gpointer user_data)
{
  MusterCandidateRow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (_ ("%s is ignored"), get_text (self, "name"));
  g_autofree char *key = g_strdup (get_text (self, "key"));
  MusterSession   *session = self->session;

  if (dex_await (muster_api_discovery_ignore (muster_session_get_client (session), key), &error))
    muster_session_offer_undo (session, text, unignore_key, g_strdup (key), g_free);
  else
    muster_session_tell_error (session, _ ("Could not ignore it"), error);
  return dex_future_new_true ();
}

static DexFuture *
muster_candidate_row_unignore_fiber (gpointer user_data)
{
  MusterCandidateRow *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (unignore_key (self->session, (char *)get_text (self, "key")), &error))
    muster_session_tell_error (self->session, _ ("Could not stop ignoring it"), error);
  return dex_future_new_true ();
}

static void
muster_candidate_row_ignore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_candidate_row_ignore_fiber,
                                          g_object_ref (widget), g_object_unref));
}

static void
muster_candidate_row_unignore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_candidate_row_unignore_fiber,
                                          g_object_ref (widget), g_object_unref));
}

static void
muster_candidate_row_copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *addresses = describe_addresses (MUSTER_CANDIDATE_ROW (widget));

  if (addresses != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), addresses);
}

static void
muster_candidate_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_CANDIDATE_ROW);
  G_OBJECT_CLASS (muster_candidate_row_parent_class)->dispose (object);
}

static void
muster_candidate_row_finalize (GObject *object)
{
  MusterCandidateRow *self = MUSTER_CANDIDATE_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->candidate);
  G_OBJECT_CLASS (muster_candidate_row_parent_class)->finalize (object);
}

static void
muster_candidate_row_class_init (MusterCandidateRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_candidate_row_dispose;
  object_class->finalize = muster_candidate_row_finalize;
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_AGE_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/candidate-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, name);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, chip);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, details);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, expected);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, addresses);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, age);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, adopt);
  gtk_widget_class_bind_template_child (widget_class, MusterCandidateRow, open);
  gtk_widget_class_install_action (widget_class, "candidate.adopt", NULL,
                                   muster_candidate_row_adopt_action);
  gtk_widget_class_install_action (widget_class, "candidate.open", NULL,
                                   muster_candidate_row_open_action);
  gtk_widget_class_install_action (widget_class, "candidate.ignore", NULL,
                                   muster_candidate_row_ignore_action);
  gtk_widget_class_install_action (widget_class, "candidate.unignore", NULL,
                                   muster_candidate_row_unignore_action);
  gtk_widget_class_install_action (widget_class, "candidate.copy-address", NULL,
                                   muster_candidate_row_copy_action);
}

static void
muster_candidate_row_init (MusterCandidateRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_candidate_row_new (MusterSession *session, MusterCandidate *candidate)
{
  MusterCandidateRow *self = g_object_new (MUSTER_TYPE_CANDIDATE_ROW, NULL);

  self->session = g_object_ref (session);
  self->candidate = g_object_ref (candidate);
  muster_permission_guard (session, self->adopt, "adoptCandidate");
  g_signal_connect_object (session, "notify::rights",
                           G_CALLBACK (muster_candidate_row_update_actions), self,
                           G_CONNECT_SWAPPED);
  muster_candidate_row_update (self);
  return GTK_WIDGET (self);
}

MusterCandidate *
muster_candidate_row_get_candidate (MusterCandidateRow *self)
{
  g_return_val_if_fail (MUSTER_IS_CANDIDATE_ROW (self), NULL);

  return self->candidate;
}
