/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-calculate"

#include "config.h"

#include "muster-chart-deck-private.h"
#include "muster-metric-name.h"

#define STEPS 120 /* about as many in sight */
#define SECONDS_AN_HOUR 3600

static gboolean
is_counter (MusterEntity *metric)
{
  return muster_entity_get_enum (metric, "datatype") <= MUSTER_DATATYPE_DOUBLE &&
         muster_metric_name_is_counter (muster_entity_get_string (metric, "name"),
                                        muster_entity_get_string (metric, "unit"),
                                        muster_entity_get_enum (metric, "datatype") <
                                          MUSTER_DATATYPE_FLOAT);
}

/* Whether METRIC is shown by how fast it counts. */
static gboolean
shows_rate (MusterChartDeck *self, MusterEntity *metric)
{
  return self->look->counters && self->calculation.aggregate == NULL && is_counter (metric);
}

static MusterEntity *
get_metric (MusterTrack *track)
{
  return MUSTER_ENTITY (muster_track_get_entity (track));
}

const char *
muster_chart_deck_get_aggregate (MusterChartDeck *self, MusterTrack *track)
{
  if (!muster_track_is_numeric (track))
    return muster_track_get_hearing (track) == NULL ? self->calculation.aggregate : NULL;
  if (self->calculation.aggregate != NULL)
    return self->calculation.aggregate;
  return shows_rate (self, get_metric (track)) ? "rate" : self->look->aggregate;
}

double
muster_chart_deck_get_factor (MusterChartDeck *self, MusterTrack *track)
{
  /* What counts slowly is told by the hour. */
  return shows_rate (self, get_metric (track)) ? SECONDS_AN_HOUR : 1;
}

char *
muster_chart_deck_dup_unit (MusterChartDeck *self, MusterApiMetric *metric)
{
  MusterEntity *entity = MUSTER_ENTITY (muster_api_metric_get_metric (metric));
  const char   *unit = muster_entity_get_string (entity, "unit");

  if (shows_rate (self, entity))
    return g_strconcat (unit != NULL ? unit : "", "/h", NULL);
  return muster_calculation_dup_unit (&self->calculation, unit);
}

void
muster_chart_deck_apply_look (MusterChartDeck *self, MusterTrack *track)
{
  const MusterLook *look = self->look;
  MusterForm        form = look->form;

  if (look->automatic &&
      (shows_rate (self, get_metric (track)) || muster_calculation_is_amount (&self->calculation)))
    muster_track_set_form (track, FALSE, MUSTER_FORM_BARS);
  else if (look->automatic && self->calculation.aggregate != NULL)
    muster_track_set_form (track, FALSE, MUSTER_FORM_LINE);
  else
    muster_track_set_form (track, look->automatic, form);
}

gint64
muster_chart_deck_choose_step (MusterChartDeck *self, gint64 span)
{
  if (self->calculation.aggregate != NULL && self->calculation.step > 0)
    return self->calculation.step;
  return muster_look_choose_step (span, self->look->steps > 0 ? self->look->steps : STEPS);
}

void
muster_chart_deck_set_calculation (MusterChartDeck *self, const MusterCalculation *calculation)
{
  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  if (muster_calculation_equal (&self->calculation, calculation))
    return;
  self->calculation = *calculation;
  muster_chart_deck_show_comparison (self);
  muster_chart_deck_remake (self);
}

const MusterCalculation *
muster_chart_deck_get_calculation (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  return &self->calculation;
}
