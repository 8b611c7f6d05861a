/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_TEST_STEPS_MAX 64

/* What a step of a test plan does with the board. */
typedef enum
{
  MUSTER_STEP_IDENTITY,  /* it says who it is, and that it is of the model that is made */
  MUSTER_STEP_SELF_TEST, /* every check of its own must pass */
  MUSTER_STEP_READ,      /* a metric, which must lie within limits */
  MUSTER_STEP_WRITE,     /* a metric */
  MUSTER_STEP_BLINK,     /* its light blinks, and the operator says whether */
  MUSTER_STEP_ASK,       /* the operator answers a question */
  MUSTER_STEP_REBOOT,    /* it starts anew, and is back */
  MUSTER_STEP_N_ACTIONS,
} MusterStepAction;

typedef struct
{
  MusterStepAction action;
  unsigned         timeout; /* milliseconds */
  char            *name;
  char            *metric; /* (nullable) */
  char            *unit;   /* (nullable): that the metric must have */
  char            *text;   /* (nullable): the question */
  double           value;
  double           minimum; /* NAN: none */
  double           maximum; /* likewise */
} MusterTestStep;

/* "self-test" */
const char *muster_step_action_get_nick (MusterStepAction action);

/* The steps of JSON, an array: (transfer full) (element-type MusterTestStep). NULL with
 * MUSTER_ERROR_INVALID, whose rows name each member that is wrong below `/steps`. */
GPtrArray *muster_test_steps_parse (const char *json, GError **error);

/* Whether MEASURED keeps the limits of the step, which count as within; what is no number does not.
 */
gboolean muster_test_step_is_within (const MusterTestStep *self, double measured);

G_END_DECLS
