/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-bench.h"
#include "muster-test-report.h"

G_BEGIN_DECLS

/* What the operator said. */
typedef struct
{
  gboolean passed;
  char    *note;   /* (owned) (nullable) */
  char    *person; /* (owned) (nullable) */
} MusterTestAnswer;

void muster_test_answer_clear (MusterTestAnswer *self);

/* What a test needs of the world beside the board. */
typedef struct
{
  gint64 (*now) (gpointer user_data); /* UTC microseconds */
  /* The report changed: keeps it. FALSE: the test is not to go on. In a fiber. */
  gboolean (*changed) (const char *step, gpointer user_data, GError **error);
  /* Shows the operator QUESTION, until the next change of the report. As above. */
  gboolean (*ask) (const char *question, gpointer user_data, GError **error);
  /* Whether the operator answered, into ANSWER. muster_bench_wake() says that it is time to look.
   */
  gboolean (*take_answer) (MusterTestAnswer *answer, gpointer user_data);
} MusterTestWorld;

typedef struct
{
  MusterBench           *bench;
  MusterTestReport      *report;
  GPtrArray             *steps;             /* (element-type MusterTestStep) */
  unsigned               first;             /* the number of the first of them in the report */
  const char            *model;             /* (nullable): that the board must be of */
  const char            *hardware_revision; /* (nullable): likewise */
  const MusterTestWorld *world;
  gpointer               user_data;
} MusterTest;

/* Does the steps, each also after one that failed, as long as the board answers. In a fiber. The
 * verdicts are in the report. FALSE with ERROR: it was ended from outside. */
gboolean muster_test_run (const MusterTest *self, GError **error);

/* Whether the board is of MODEL and HARDWARE_REVISION (nullable). */
gboolean muster_test_check_identity (const MusterUnitIdentity *identity,
                                     const char               *model,
                                     const char               *hardware_revision,
                                     GError                  **error);

G_END_DECLS
