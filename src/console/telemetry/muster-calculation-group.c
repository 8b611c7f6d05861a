/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-calculation-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-calculation-group.h"
#include "widgets/muster-pressable.h"

struct _MusterCalculationGroup
{
  AdwPreferencesGroup parent_instance;

  GtkWidget *aggregate;
  GtkWidget *quantile;
  GtkWidget *by;
  GtkWidget *step;
  gboolean   updating; /* the rows are being set to what is chosen */
};

G_DEFINE_FINAL_TYPE (MusterCalculationGroup, muster_calculation_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static const char *const bys[MUSTER_N_BYS] = {
  [MUSTER_BY_DEVICE] = N_ ("Each device"),  [MUSTER_BY_PRODUCT] = N_ ("Each product"),
  [MUSTER_BY_LOCATION] = N_ ("Each place"), [MUSTER_BY_SOURCE] = N_ ("Each that is picked"),
  [MUSTER_BY_NONE] = N_ ("All together"),
};

static const struct
{
  gint64      seconds;
  const char *label;
} steps[] = {
  { 0, N_ ("Automatic") },    { 60, N_ ("1 minute") },   { 300, N_ ("5 minutes") },
  { 900, N_ ("15 minutes") }, { 3600, N_ ("1 hour") },   { 21600, N_ ("6 hours") },
  { 86400, N_ ("1 day") },    { 604800, N_ ("1 week") },
};

static gboolean
is_quantile (const char *aggregate)
{
  return g_strcmp0 (aggregate, "quantile") == 0;
}

/* What has no meaning without the first row is not there. */
static void
show_rows (MusterCalculationGroup *self)
{
  const char *label;
  const char *aggregate =
    muster_calculation_get_aggregate (adw_combo_row_get_selected (ADW_COMBO_ROW (self->aggregate)),
                                      &label);

  gtk_widget_set_visible (self->quantile, is_quantile (aggregate));
  gtk_widget_set_visible (self->by, aggregate != NULL);
  gtk_widget_set_visible (self->step, aggregate != NULL);
}

static void
muster_calculation_group_changed_cb (MusterCalculationGroup *self)
{
  if (self->updating)
    return;
  show_rows (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
add_combo (MusterCalculationGroup *self, const char *title, GtkStringList *names)
{
  GtkWidget *row = g_object_new (ADW_TYPE_COMBO_ROW, "title", title, "model", names, NULL);

  g_signal_connect_object (row, "notify::selected",
                           G_CALLBACK (muster_calculation_group_changed_cb), self,
                           G_CONNECT_SWAPPED);
  muster_pressable_make (GTK_LIST_BOX_ROW (row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_object_unref (names);
  return row;
}

static void
muster_calculation_group_class_init (MusterCalculationGroupClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_CALCULATION_GROUP, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_calculation_group_init (MusterCalculationGroup *self)
{
  GtkStringList *aggregates = gtk_string_list_new (NULL);
  GtkStringList *groups = gtk_string_list_new (NULL);
  GtkStringList *lengths = gtk_string_list_new (NULL);
  const char    *label;

  self->updating = TRUE;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Calculation"));
  for (unsigned i = 0; muster_calculation_get_aggregate (i, &label) != NULL || i == 0; i++)
    gtk_string_list_append (aggregates, _ (label));
  for (unsigned i = 0; i < G_N_ELEMENTS (bys); i++)
    gtk_string_list_append (groups, _ (bys[i]));
  for (unsigned i = 0; i < G_N_ELEMENTS (steps); i++)
    gtk_string_list_append (lengths, _ (steps[i].label));
  self->aggregate = add_combo (self, _ ("Value"), aggregates);
  self->quantile = adw_spin_row_new_with_range (0, 100, 1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->quantile), _ ("Quantile in %"));
  g_signal_connect_object (self->quantile, "notify::value",
                           G_CALLBACK (muster_calculation_group_changed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->quantile);
  self->by = add_combo (self, _ ("Of"), groups);
  self->step = add_combo (self, _ ("Step"), lengths);
  adw_spin_row_set_value (ADW_SPIN_ROW (self->quantile), 50);
  show_rows (self);
  self->updating = FALSE;
}

void
muster_calculation_group_get (MusterCalculationGroup *self, MusterCalculation *calculation)
{
  const char *label;

  g_return_if_fail (MUSTER_IS_CALCULATION_GROUP (self));

  muster_calculation_init (calculation);
  calculation->aggregate =
    muster_calculation_get_aggregate (adw_combo_row_get_selected (ADW_COMBO_ROW (self->aggregate)),
                                      &label);
  if (calculation->aggregate == NULL)
    return;
  if (is_quantile (calculation->aggregate))
    calculation->quantile = adw_spin_row_get_value (ADW_SPIN_ROW (self->quantile)) / 100;
  calculation->by = adw_combo_row_get_selected (ADW_COMBO_ROW (self->by));
  calculation->step =
    steps[adw_combo_row_get_selected (ADW_COMBO_ROW (self->step))].seconds * G_USEC_PER_SEC;
}

void
muster_calculation_group_set (MusterCalculationGroup *self, const MusterCalculation *calculation)
{
  const char *label = NULL;

  g_return_if_fail (MUSTER_IS_CALCULATION_GROUP (self));

  self->updating = TRUE;
  for (unsigned i = 0; i == 0 || muster_calculation_get_aggregate (i, &label) != NULL; i++)
    if (muster_calculation_get_aggregate (i, &label) == calculation->aggregate)
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->aggregate), i);
  adw_spin_row_set_value (ADW_SPIN_ROW (self->quantile), calculation->quantile * 100);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->by), calculation->by);
  for (unsigned i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i].seconds * G_USEC_PER_SEC == calculation->step)
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->step), i);
  show_rows (self);
  self->updating = FALSE;
}
