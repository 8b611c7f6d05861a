/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"
#include "muster-test-steps.h"
#include "muster-unit-message.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_VERDICT_WAITING,
  MUSTER_VERDICT_RUNNING,
  MUSTER_VERDICT_PASSED,
  MUSTER_VERDICT_FAILED,
  MUSTER_VERDICT_SKIPPED,
} MusterVerdict;

/**
 * MusterTestReport:
 *
 * What was done with one board, step by step: the field `report` of the records.
 */
typedef struct _MusterTestReport MusterTestReport;

MusterTestReport *muster_test_report_new (void);
void              muster_test_report_free (MusterTestReport *self);

/* Steps get numbers in order, from 0. STEP's limits are noted; the others are what a plan has not:
 * ACTION is "flash", "provision", "inventory". */
unsigned muster_test_report_add (MusterTestReport *self, const MusterTestStep *step);
unsigned muster_test_report_add_own (MusterTestReport *self, const char *name, const char *action);

/* TIME in UTC microseconds. */
void muster_test_report_begin (MusterTestReport *self, unsigned step, gint64 time);
/* DETAIL (nullable). */
void muster_test_report_end (MusterTestReport *self,
                             unsigned          step,
                             MusterVerdict     verdict,
                             const char       *detail,
                             gint64            time);
/* What waits is skipped. */
void muster_test_report_skip_rest (MusterTestReport *self);
void muster_test_report_set_measured (MusterTestReport *self, unsigned step, double measured);
void muster_test_report_add_check (MusterTestReport      *self,
                                   unsigned               step,
                                   const MusterUnitCheck *check);
/* Who answered, and what they noted: both (nullable). */
void muster_test_report_set_answer (MusterTestReport *self,
                                    unsigned          step,
                                    const char       *person,
                                    const char       *note);
void muster_test_report_set_identity (MusterTestReport *self, const MusterUnitIdentity *identity);

const char *muster_test_report_get_name (MusterTestReport *self, unsigned step);
/* The first step that failed, with its DETAIL (transfer none); FALSE: none did. */
gboolean muster_test_report_find_failed (MusterTestReport *self,
                                         const char      **name,
                                         const char      **detail);
char    *muster_test_report_to_json (MusterTestReport *self);

/* RECORD, a MusterFactoryUnit or MusterTestRun, as JUnit's XML: a test suite with a case a step. */
char *muster_test_report_format_junit (MusterEntity *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestReport, muster_test_report_free)

G_END_DECLS
