/* The loops over rows of the compiled index, in C. matching/index/kernel_numpy.py says the same in
 * NumPy and is what runs where this is not built; tests/matching/index/test_kernel.py holds one
 * against the other. Sums are made in the same order and without fused steps (-ffp-contract=off),
 * so that both give the same bits.
 *
 * Every array comes through the buffer protocol. Codes are looked up in tables; a code beyond its
 * table (a damaged file) is an error, never a read outside.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST 64 /* lookups of one call */
#define AHEAD 16 /* rows that are fetched before they are looked at */

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(at) __builtin_prefetch(at)
#else
#define PREFETCH(at) ((void)0)
#endif

typedef struct {
    const char *data;
    Py_ssize_t stride, n;
    int size;
} Codes;

typedef struct {
    Codes codes;
    const void *table;
    uint32_t n;
    int bit;
    double limit; /* of a gate that goes by distance: a squared chord */
} Lookup;

/* Buffers that are held during a call. */
typedef struct {
    Py_buffer all[2 * MOST + 16];
    int n;
} Held;

static void let_go(Held *held) {
    while (held->n) PyBuffer_Release(&held->all[--held->n]);
}

static Py_buffer *hold(Held *held, PyObject *array, int flags, Py_ssize_t itemsize) {
    if (held->n >= 2 * MOST + 16) {
        PyErr_SetString(PyExc_ValueError, "too many arrays");
        return NULL;
    }
    Py_buffer *view = &held->all[held->n];
    if (PyObject_GetBuffer(array, view, flags) < 0) return NULL;
    held->n++;
    if (itemsize && view->itemsize != itemsize) {
        PyErr_SetString(PyExc_TypeError, "an array of another type was expected");
        return NULL;
    }
    return view;
}


static Py_buffer *typed(Held *held, PyObject *array, Py_ssize_t itemsize) {
    return hold(held, array, PyBUF_ND, itemsize);
}

static Py_buffer *out(Held *held, PyObject *array, Py_ssize_t itemsize) {
    return hold(held, array, PyBUF_ND | PyBUF_WRITABLE, itemsize);
}

static Py_ssize_t length(const Py_buffer *view) { return view->len / view->itemsize; }

static int read_codes(Held *held, PyObject *array, Codes *codes) {
    Py_buffer *view = hold(held, array, PyBUF_STRIDES, 0);
    if (!view) return -1;
    if (view->ndim != 1 || (view->itemsize != 1 && view->itemsize != 2 && view->itemsize != 4)) {
        PyErr_SetString(PyExc_TypeError, "codes of one, two or four bytes were expected");
        return -1;
    }
    codes->data = view->buf;
    codes->stride = view->strides[0];
    codes->n = view->shape[0];
    codes->size = (int)view->itemsize;
    return 0;
}

static inline uint32_t code_at(const Codes *codes, int64_t row) {
    const char *at = codes->data + row * codes->stride;
    if (codes->size == 2) return *(const uint16_t *)at;
    if (codes->size == 1) return *(const uint8_t *)at;
    return *(const uint32_t *)at;
}

static int beyond_table(void) {
    PyErr_SetString(PyExc_ValueError, "a code or row lies outside its table");
    return -1;
}

/* One lookup: (codes, table) with items of a size; codes None = the table is by position. */
static int read_lookup(Held *held, PyObject *codes, PyObject *table, Py_ssize_t itemsize,
                       Lookup *lookup) {
    lookup->codes.data = NULL;
    if (codes != Py_None && read_codes(held, codes, &lookup->codes) < 0) return -1;
    Py_buffer *view = typed(held, table, itemsize);
    if (!view) return -1;
    lookup->table = view->buf;
    lookup->n = (uint32_t)length(view);
    return 0;
}

/* ---- spans: row ranges of sorted keys ------------------------------------------------------- */

static int64_t lower(const int32_t *keys, int64_t low, int64_t high, int64_t wanted) {
    while (low < high) {
        int64_t middle = low + ((high - low) >> 1);
        if (keys[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* The same, looking near the front first: spans are short and follow each other closely. */
static int64_t gallop(const int32_t *keys, int64_t low, int64_t high, int64_t wanted) {
    int64_t step = 1;
    while (low + step < high && keys[low + step] < wanted) {
        low += step;
        step <<= 1;
    }
    return lower(keys, low, low + step < high ? low + step : high, wanted);
}

PyDoc_STRVAR(spans_doc,
"spans(keys, begins, pasts_of, bases, firsts, pasts, starts, ends) -> number of spans\n\n"
"Of the sorted keys[begins[i]:pasts_of[i]] the row ranges with bases[i]+first <= key <\n"
"bases[i]+past, for every pair first/past (ascending, apart); empty ones left out.");

static PyObject *spans(PyObject *self, PyObject *args) {
    PyObject *array[8];
    if (!PyArg_ParseTuple(args, "OOOOOOOO", &array[0], &array[1], &array[2], &array[3], &array[4],
                          &array[5], &array[6], &array[7]))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Py_buffer *view[8];
    for (int i = 0; i < 8; i++)
        if (!(view[i] = i < 6 ? typed(&held, array[i], i ? 8 : 4) : out(&held, array[i], 8)))
            goto done;
    Py_ssize_t many = length(view[1]), cells = length(view[4]), room = length(view[6]), n = 0;
    if (length(view[2]) != many || length(view[3]) != many || length(view[5]) != cells ||
        length(view[7]) != room) {
        beyond_table();
        goto done;
    }
    const int32_t *key = view[0]->buf;
    const int64_t *begin = view[1]->buf, *stop = view[2]->buf, *base = view[3]->buf,
                  *first = view[4]->buf, *past = view[5]->buf;
    int64_t *from = view[6]->buf, *to = view[7]->buf;
    for (Py_ssize_t i = 0; i < many; i++) {
        int64_t at = begin[i], end = stop[i];
        if (at < 0 || end > length(view[0])) { beyond_table(); goto done; }
        if (i + AHEAD < many) PREFETCH(key + begin[i + AHEAD]);
        for (Py_ssize_t j = 0; at < end && j < cells;) {
            int64_t own = key[at] - base[i];
            if (own >= past[j]) {
                j++;
            } else if (own < first[j]) {
                at = gallop(key, at, end, base[i] + first[j]);
            } else {
                if (n >= room) { beyond_table(); goto done; }
                from[n] = at;
                to[n++] = at = gallop(key, at, end, base[i] + past[j]);
                j++;
            }
        }
    }
    result = PyLong_FromSsize_t(n);
done:
    let_go(&held);
    return result;
}

/* ---- collect: what answers, and which gates it fails ---------------------------------------- */

typedef struct {
    const int64_t *starts, *ends;
    Py_ssize_t spans;
    const int32_t *order;
    int64_t size, free_end;
    const uint8_t *gone;
    Lookup only[4], gates[MOST];
    int n_only, n_gates, least, keep;
    uint64_t soft;
    const double *unit;
    double x, y, z;
    int32_t *rows;
    uint64_t *bits;
    double *far;
    int64_t *counts, room, n;
} Scan;

static double chord(const Scan *s, int64_t row) {
    const double *u = s->unit + 3 * row;
    double dx = u[0] - s->x, dy = u[1] - s->y, dz = u[2] - s->z;
    return dx * dx + dy * dy + dz * dz;
}

static inline void fetch(const Scan *s, int64_t row) {
    if (s->n_gates) PREFETCH(s->gates[0].codes.data + row * s->gates[0].codes.stride);
    if (s->unit) PREFETCH(s->unit + 3 * row);
}

/* Of all spans the rows that every table of `only` lets pass and that still hold; -1 = damaged.
 * Only narrow columns are read here: most rows of wide spans go no further. */
static int64_t answering(Scan *s) {
    int64_t n = 0;
    for (Py_ssize_t span = 0; span < s->spans; span++)
        for (int64_t at = s->starts[span]; at < s->ends[span]; at++) {
            int64_t row = s->order ? s->order[at] : at;
            if (row < 0 || row >= s->size) return -1;
            int answers = 1;
            for (int i = 0; i < s->n_only && answers; i++) {
                uint32_t code = code_at(&s->only[i].codes, at);
                if (code >= s->only[i].n) return -1;
                answers = ((const uint8_t *)s->only[i].table)[code];
            }
            if (!answers || (s->gone && s->gone[row])) continue;
            if (n >= s->room) return -1;
            s->counts[MOST + (row < s->free_end ? 0 : 1)]++;
            s->rows[n++] = (int32_t)row;
        }
    return n;
}

static int collect_rows(Scan *s) {
    int64_t many = answering(s);
    if (many < 0) return -1;
    for (int64_t at = 0; at < many; at++) {
        int64_t row = s->rows[at];
        if (at + AHEAD < many) fetch(s, s->rows[at + AHEAD]);
        uint64_t bits = 0;
        int failed = 0, hard = 0;
        double far = s->unit ? chord(s, row) : 0.0;
        for (int i = 0; i < s->n_gates; i++) {
            const Lookup *gate = &s->gates[i];
            uint32_t code = code_at(&gate->codes, row);
            if (code >= gate->n) return -1;
            uint8_t verdict = ((const uint8_t *)gate->table)[code];
            /* a distance that is not known (NaN) does not exclude */
            if (verdict == 2) verdict = s->unit && far > gate->limit;
            if (verdict) {
                if (!failed) s->counts[gate->bit]++;
                bits |= (uint64_t)1 << gate->bit;
                failed++;
                hard |= !(s->soft >> gate->bit & 1);
                if (hard && failed > s->keep) break;
            }
        }
        if (failed < s->least || (hard && failed > s->keep)) continue;
        s->rows[s->n] = (int32_t)row;
        if (s->bits) s->bits[s->n] = bits;
        s->far[s->n] = far;
        s->n++;
    }
    return 0;
}

PyDoc_STRVAR(collect_doc,
"collect(starts, ends, order, size, free_end, gone, only, gates, unit, x, y, z, least, keep, soft,\n"
"        rows, bits, far, counts) -> number of rows\n\n"
"Rows of some spans that every table of `only` (codes in the order the spans are of) lets pass and\n"
"that fail `least` to `keep` gates; of those whose bit is in `soft` any number, when no other fails.\n"
"A gate is (bit, codes, table, limit): 0 passes, 1 fails, 2 = fails when the squared chord to x,\n"
"y, z is above `limit`. counts[bit] = rows whose first failed gate it is; counts[64], counts[65] = rows\n"
"looked at before and from row `free_end` on.");

static PyObject *collect(PyObject *self, PyObject *args) {
    PyObject *starts_, *ends_, *order_, *gone_, *only_, *gates_, *unit_, *rows_, *bits_, *far_,
        *counts_;
    Py_ssize_t size, free_end;
    Scan s = {.n = 0};
    unsigned long long soft;
    if (!PyArg_ParseTuple(args, "OOOnnOOOOdddiiKOOOO", &starts_, &ends_, &order_, &size, &free_end,
                          &gone_, &only_, &gates_, &unit_, &s.x, &s.y, &s.z, &s.least, &s.keep,
                          &soft, &rows_, &bits_, &far_, &counts_))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Py_buffer *view, *counts;
    int broken = 0;
    s.soft = soft;
    s.size = size;
    s.free_end = free_end;
    if (!(view = typed(&held, starts_, 8))) goto done;
    s.starts = view->buf;
    s.spans = length(view);
    if (!(view = typed(&held, ends_, 8))) goto done;
    s.ends = view->buf;
    if (length(view) != s.spans) { beyond_table(); goto done; }
    int64_t listed = size;
    if (order_ != Py_None) {
        if (!(view = typed(&held, order_, 4))) goto done;
        s.order = view->buf;
        listed = length(view);
    }
    for (Py_ssize_t i = 0; i < s.spans; i++)
        if (s.starts[i] < 0 || s.ends[i] > listed) { beyond_table(); goto done; }
    if (gone_ != Py_None) {
        if (!(view = typed(&held, gone_, 1))) goto done;
        if (length(view) < size) { beyond_table(); goto done; }
        s.gone = view->buf;
    }
    s.n_only = (int)PyTuple_Size(only_);
    s.n_gates = (int)PyTuple_Size(gates_);
    if (s.n_only < 0 || s.n_gates < 0) goto done;
    if (s.n_only > 4 || s.n_gates > MOST) { beyond_table(); goto done; }
    for (int i = 0; i < s.n_only; i++) {
        PyObject *codes, *table;
        if (!PyArg_ParseTuple(PyTuple_GetItem(only_, i), "OO", &codes, &table) ||
            read_lookup(&held, codes, table, 1, &s.only[i]) < 0)
            goto done;
        if (s.only[i].codes.n < listed) { beyond_table(); goto done; }
    }
    for (int i = 0; i < s.n_gates; i++) {
        PyObject *codes, *table;
        if (!PyArg_ParseTuple(PyTuple_GetItem(gates_, i), "iOOd", &s.gates[i].bit, &codes, &table,
                              &s.gates[i].limit) ||
            read_lookup(&held, codes, table, 1, &s.gates[i]) < 0)
            goto done;
        if (s.gates[i].codes.n < size || s.gates[i].bit < 0 || s.gates[i].bit >= MOST) {
            beyond_table();
            goto done;
        }
    }
    if (unit_ != Py_None) {
        if (!(view = typed(&held, unit_, 8))) goto done;
        if (length(view) < 3 * size) { beyond_table(); goto done; }
        s.unit = view->buf;
    }
    if (!(view = out(&held, rows_, 4))) goto done;
    s.rows = view->buf;
    s.room = length(view);
    if (bits_ != Py_None) {
        if (!(view = out(&held, bits_, 8))) goto done;
        s.bits = view->buf;
        if (length(view) < s.room) { beyond_table(); goto done; }
    }
    if (!(view = out(&held, far_, 8))) goto done;
    s.far = view->buf;
    if (length(view) < s.room) { beyond_table(); goto done; }
    if (!(counts = out(&held, counts_, 8))) goto done;
    if (length(counts) < MOST + 2) { beyond_table(); goto done; }
    s.counts = counts->buf;
    Py_BEGIN_ALLOW_THREADS
    broken = collect_rows(&s);
    Py_END_ALLOW_THREADS
    if (broken) { beyond_table(); goto done; }
    result = PyLong_FromLongLong(s.n);
done:
    let_go(&held);
    return result;
}

/* ---- parts: what is added up, or told, for each row ----------------------------------------- */

static int read_parts(Held *held, PyObject *parts, Lookup *lookups, Py_ssize_t rows) {
    Py_ssize_t n = PyTuple_Size(parts);
    if (n < 0) return -1;
    if (n > MOST) return beyond_table();
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *codes, *table;
        if (!PyArg_ParseTuple(PyTuple_GetItem(parts, i), "OO", &codes, &table) ||
            read_lookup(held, codes, table, 8, &lookups[i]) < 0)
            return -1;
        if (!lookups[i].codes.data && lookups[i].n < rows) return beyond_table();
    }
    return (int)n;
}

/* ---- pick: the list ------------------------------------------------------------------------- */

typedef struct {
    double total;
    int32_t rank, place;
} Offer;

static inline int before(const Offer *a, const Offer *b) {
    return a->total > b->total || (a->total == b->total && a->rank < b->rank);
}

/* Put into a short list that is kept in order; the last falls out when it is full. */
static int insert(Offer *list, int *n, int most, Offer offer) {
    int at = *n;
    if (at == most) {
        if (!before(&offer, &list[at - 1])) return 0;
        at--;
    } else {
        (*n)++;
    }
    while (at > 0 && before(&offer, &list[at - 1])) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = offer;
    return 1;
}

/* Rows with what is added up for each, and the groups of which none takes a whole list. */
typedef struct {
    const int32_t *row;
    Py_ssize_t n, ranked;
    Lookup parts[MOST];
    double left[MOST + 1]; /* the most that the parts from here on can add */
    int many, by_place, kinds, share, top, filled;
    Codes groups;
} Weighed;

typedef struct {
    Weighed w;
    const int32_t *rank;
    double whole, scale;
    Offer *of_kind, *list;
    int *taken, chosen;
} Pick;

/* The group of a place, or -1. */
static inline int64_t group_of(const Weighed *w, Py_ssize_t place) {
    int64_t at = w->by_place ? place : w->row[place];
    if (at >= w->groups.n) return -1;
    uint32_t group = code_at(&w->groups, at);
    return group < (uint32_t)w->kinds ? (int64_t)group : -1;
}

/* The sum of a place; 1 = told, 0 = it can't come up to `least`, -1 = damaged. */
static int sum_of(const Weighed *w, Py_ssize_t place, double least, double *found) {
    double sum = 0.0;
    for (int j = 0; j < w->many; j++) {
        if (sum + w->left[j] < least) return 0;
        const Lookup *part = &w->parts[j];
        const double *table = part->table;
        if (!part->codes.data) {
            sum += table[place];
            continue;
        }
        uint32_t code = code_at(&part->codes, w->row[place]);
        if (code >= part->n) return -1;
        sum += table[code];
    }
    *found = sum;
    return 1;
}

#define BLOCK 256 /* places whose codes stay near the processor while all parts are added */

#define ADD(type)                                                                              \
    for (int i = 0; i < n; i++) {                                                              \
        uint32_t code = *(const type *)(part->codes.data + row[i] * part->codes.stride);       \
        if (code >= part->n) return -1;                                                        \
        sum[i] += table[code];                                                                 \
    }

/* The sums of n places from one on: part by part, each place in the order of the parts. */
static int sums_of(const Weighed *w, Py_ssize_t from, int n, double *sum) {
    const int32_t *row = w->row + from;
    for (int i = 0; i < n; i++) sum[i] = 0.0;
    for (int j = 0; j < w->many; j++) {
        const Lookup *part = &w->parts[j];
        const double *table = part->table;
        if (!part->codes.data)
            for (int i = 0; i < n; i++) sum[i] += table[from + i];
        else if (part->codes.size == 2)
            ADD(uint16_t)
        else if (part->codes.size == 1)
            ADD(uint8_t)
        else
            ADD(uint32_t)
    }
    return 0;
}

/* The codes of a row lie side by side: those of one part stand for all when fetching ahead. */
static const Codes *near_codes(const Weighed *w) {
    for (int j = 0; j < w->many; j++)
        if (w->parts[j].codes.data) return &w->parts[j].codes;
    return NULL;
}

static inline void fetch_ahead(const Weighed *w, const Codes *near, Py_ssize_t i) {
    if (near && i + AHEAD < w->n) PREFETCH(near->data + w->row[i + AHEAD] * near->stride);
}

/* The sums of all places; the next block is fetched while one is added. */
static int all_sums(const Weighed *w, double *sum) {
    const Codes *near = near_codes(w);
    for (Py_ssize_t from = 0; from < w->n; from += BLOCK) {
        int n = w->n - from < BLOCK ? (int)(w->n - from) : BLOCK;
        if (near)
            for (Py_ssize_t i = from + n; i < from + n + BLOCK && i < w->n; i++)
                PREFETCH(near->data + w->row[i] * near->stride);
        if (sums_of(w, from, n, sum + from) < 0) return -1;
    }
    return 0;
}

/* Check and fill in what the loops are given; `ranked` must be known. Groups may be left out. */
static int read_weighed(Held *held, Weighed *w, PyObject *rows_, PyObject *parts_,
                        PyObject *groups_) {
    Py_buffer *rows = typed(held, rows_, 4);
    if (!rows || (groups_ && read_codes(held, groups_, &w->groups) < 0)) return -1;
    w->row = rows->buf;
    w->n = length(rows);
    if ((w->many = read_parts(held, parts_, w->parts, w->n)) < 0) return -1;
    if (w->kinds < 1 || w->share < 1 || w->top < 1) return beyond_table();
    for (Py_ssize_t i = 0; i < w->n; i++)
        if (w->row[i] < 0 || w->row[i] >= w->ranked) return beyond_table();
    for (int j = 0; j < w->many; j++)
        if (w->parts[j].codes.data && w->parts[j].codes.n < w->ranked) return beyond_table();
    if (w->share > w->n) w->share = w->n ? (int)w->n : 1;
    return 0;
}

/* The most that is left to add, from each part on. */
static int read_most(Held *held, Weighed *w, PyObject *most_) {
    Py_buffer *most = typed(held, most_, 8);
    if (!most) return -1;
    if (length(most) < w->many) return beyond_table();
    const double *greatest = most->buf;
    w->left[w->many] = 0.0;
    for (int j = w->many - 1; j >= 0; j--) w->left[j] = w->left[j + 1] + greatest[j];
    return 0;
}

/* The total of a place, by the whole and rounded; as sum_of. */
static int total_of(const Pick *p, Py_ssize_t place, double least, double *total) {
    int told = sum_of(&p->w, place, least, total);
    if (told == 1 && p->whole != 0.0) *total = rint(*total / p->whole * p->scale) / p->scale;
    return told;
}

/* What a place must sum up to before it can push one out; a margin stands for the rounding. */
static double least_for(const Pick *p, const Offer *last) {
    double worth = p->whole != 0.0 ? last->total * p->whole : last->total;
    return worth - 1e-6 * (1.0 + fabs(worth));
}

static int pick_rows(Pick *p) {
    const Weighed *w = &p->w;
    const Codes *near = near_codes(w);
    for (Py_ssize_t i = 0; i < w->n; i++) {
        fetch_ahead(w, near, i);
        int64_t group = group_of(w, i);
        if (group < 0) return -1;
        Offer *own = p->of_kind + group * w->share, offer = {0.0, 0, (int32_t)i};
        int full = p->taken[group] == w->share;
        double least = full ? least_for(p, &own[w->share - 1]) : -HUGE_VAL;
        int told = total_of(p, i, least, &offer.total);
        if (told < 0) return -1;
        if (!told) continue;
        offer.rank = p->rank[w->row[i]];
        insert(own, &p->taken[group], w->share, offer);
    }
    for (int group = 0; group < w->kinds; group++)
        for (int i = 0; i < p->taken[group]; i++)
            if (!insert(p->list, &p->chosen, w->top, p->of_kind[(size_t)group * w->share + i]))
                break;
    if (!w->filled || p->chosen == w->top || p->chosen == w->n) return 0;
    /* every group has had its share: fill up with the best of the rest */
    int room = w->top - p->chosen, more = 0;
    Offer *rest = malloc((size_t)room * sizeof(Offer));
    if (!rest) return -2;
    for (Py_ssize_t i = 0; i < w->n; i++) {
        int64_t group = group_of(w, i);
        Offer offer = {0.0, p->rank[w->row[i]], (int32_t)i};
        double least = more == room ? least_for(p, &rest[room - 1]) : -HUGE_VAL;
        int told = total_of(p, i, least, &offer.total);
        if (told < 0) {
            free(rest);
            return -1;
        }
        if (told && before(p->of_kind + group * w->share + p->taken[group] - 1, &offer))
            insert(rest, &more, room, offer);
    }
    for (int i = 0; i < more; i++) insert(p->list, &p->chosen, w->top, rest[i]);
    free(rest);
    return 0;
}

PyDoc_STRVAR(pick_doc,
"pick(rows, parts, most, whole, scale, rank, groups, by_place, kinds, share, top, filled, places,\n"
"     totals) -> number of places\n\n"
"Places of the best `top` rows by the sum of their parts (by `whole`, rounded to 1/scale), best\n"
"first, ties by rank. No more than `share` of one group while others are left; when there are\n"
"none, `filled` up with the best of the rest. A part is (codes, table), or (None, values) with\n"
"one value for each row; most = the greatest value of each. Groups are codes by row, or by place.");

static PyObject *pick(PyObject *self, PyObject *args) {
    PyObject *rows_, *parts_, *most_, *rank_, *groups_, *places_, *totals_;
    Pick p = {.chosen = 0};
    Weighed *w = &p.w;
    if (!PyArg_ParseTuple(args, "OOOddOOpiiipOO", &rows_, &parts_, &most_, &p.whole, &p.scale,
                          &rank_, &groups_, &w->by_place, &w->kinds, &w->share, &w->top,
                          &w->filled, &places_, &totals_))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    int broken = 0;
    Py_buffer *rank = typed(&held, rank_, 4), *places, *totals;
    if (!rank || !(places = out(&held, places_, 8)) || !(totals = out(&held, totals_, 8))) goto done;
    p.rank = rank->buf;
    w->ranked = length(rank);
    if (read_weighed(&held, w, rows_, parts_, groups_) < 0 || read_most(&held, w, most_) < 0)
        goto done;
    if (length(places) < w->top || length(totals) < w->top) { beyond_table(); goto done; }
    p.of_kind = malloc((size_t)w->kinds * w->share * sizeof(Offer));
    p.taken = calloc((size_t)w->kinds, sizeof(int));
    p.list = malloc((size_t)w->top * sizeof(Offer));
    if (!p.of_kind || !p.taken || !p.list) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    broken = pick_rows(&p);
    Py_END_ALLOW_THREADS
    if (broken == -2) { PyErr_NoMemory(); goto done; }
    if (broken) { beyond_table(); goto done; }
    int64_t *place = places->buf;
    double *total = totals->buf;
    for (int i = 0; i < p.chosen; i++) {
        place[i] = p.list[i].place;
        total[i] = p.list[i].total;
    }
    result = PyLong_FromLong(p.chosen);
done:
    free(p.of_kind);
    free(p.taken);
    free(p.list);
    let_go(&held);
    return result;
}

/* ---- hopeful: what can still make the list, a part of the sum not counted yet ---------------- */

typedef struct {
    Weighed w;
    double slack, *sum, *of_kind, *list;
    int *taken;
} Hope;

/* Put a sum into a short list of the greatest. */
static void keep_greatest(double *list, int *n, int most, double sum) {
    int at = *n;
    if (at == most) {
        if (sum <= list[at - 1]) return;
        at--;
    } else {
        (*n)++;
    }
    for (; at > 0 && list[at - 1] < sum; at--) list[at] = list[at - 1];
    list[at] = sum;
}

/* The least sum of a full list; without one, everything is able. */
static double least_of(const double *list, int n, int most) {
    return n == most ? list[most - 1] : -HUGE_VAL;
}

/* What the list takes at least, no group having more than its share of it. */
static double least_shared(Hope *h) {
    int n = 0;
    const Weighed *w = &h->w;
    for (int group = 0; group < w->kinds; group++)
        for (int i = 0; i < h->taken[group]; i++)
            keep_greatest(h->list, &n, w->top, h->of_kind[(size_t)group * w->share + i]);
    return least_of(h->list, n, w->top);
}

/* A margin stands for rounding. */
static double margin(double least) { return 1e-6 * (1.0 + fabs(least)); }

static int able(const Hope *h, double sum, double least) {
    return least == -HUGE_VAL || sum + h->slack >= least - margin(least);
}

static Py_ssize_t hopeful_rows(Hope *h, int64_t *places) {
    const Weighed *w = &h->w;
    double any = -HUGE_VAL;
    if (all_sums(w, h->sum) < 0) return -1;
    for (Py_ssize_t i = 0; i < w->n; i++) {
        int64_t group = group_of(w, i);
        if (group < 0) return -1;
        keep_greatest(h->of_kind + group * w->share, &h->taken[group], w->share, h->sum[i]);
    }
    double shared = least_shared(h);
    if (w->filled && shared == -HUGE_VAL) {
        int n = 0;
        for (Py_ssize_t i = 0; i < w->n; i++) keep_greatest(h->list, &n, w->top, h->sum[i]);
        any = least_of(h->list, n, w->top);
    }
    Py_ssize_t used = 0;
    for (Py_ssize_t i = 0; i < w->n; i++) {
        if (!able(h, h->sum[i], shared)) continue;
        int64_t group = group_of(w, i);
        double own = least_of(h->of_kind + group * w->share, h->taken[group], w->share);
        if (able(h, h->sum[i], own) ||
            (w->filled && shared == -HUGE_VAL && able(h, h->sum[i], any)))
            places[used++] = i;
    }
    return used;
}

PyDoc_STRVAR(hopeful_doc,
"hopeful(rows, parts, slack, ranked, groups, by_place, kinds, share, top, filled, places)\n"
"     -> number of places\n\n"
"Places of the rows that `pick` could choose, whatever between 0 and `slack` is still to be added\n"
"to the sum of each.");

static PyObject *hopeful(PyObject *self, PyObject *args) {
    PyObject *rows_, *parts_, *groups_, *places_;
    Hope h = {.slack = 0.0};
    Weighed *w = &h.w;
    if (!PyArg_ParseTuple(args, "OOdnOpiiipO", &rows_, &parts_, &h.slack, &w->ranked,
                          &groups_, &w->by_place, &w->kinds, &w->share, &w->top, &w->filled,
                          &places_))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Py_ssize_t used = 0;
    Py_buffer *places = out(&held, places_, 8);
    if (!places || read_weighed(&held, w, rows_, parts_, groups_) < 0) goto done;
    if (length(places) < w->n) { beyond_table(); goto done; }
    h.sum = malloc((size_t)(w->n ? w->n : 1) * sizeof(double));
    h.of_kind = malloc((size_t)w->kinds * w->share * sizeof(double));
    h.list = malloc((size_t)w->top * sizeof(double));
    h.taken = calloc((size_t)w->kinds, sizeof(int));
    if (!h.sum || !h.of_kind || !h.list || !h.taken) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    used = hopeful_rows(&h, places->buf);
    Py_END_ALLOW_THREADS
    if (used < 0) { beyond_table(); goto done; }
    result = PyLong_FromSsize_t(used);
done:
    free(h.sum);
    free(h.of_kind);
    free(h.list);
    free(h.taken);
    let_go(&held);
    return result;
}

/* ---- reaching: what comes up to something ---------------------------------------------------- */

PyDoc_STRVAR(reaching_doc,
"reaching(rows, parts, ranked, least, places) -> number of places\n\n"
"Places of the rows whose parts sum up to `least` or more (see pick).");

static PyObject *reaching(PyObject *self, PyObject *args) {
    PyObject *rows_, *parts_, *places_;
    Weighed w = {.kinds = 1, .share = 1, .top = 1};
    double least, *sum = NULL;
    if (!PyArg_ParseTuple(args, "OOndO", &rows_, &parts_, &w.ranked, &least, &places_))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Py_buffer *places = out(&held, places_, 8);
    if (!places || read_weighed(&held, &w, rows_, parts_, NULL) < 0) goto done;
    if (length(places) < w.n) { beyond_table(); goto done; }
    if (!(sum = malloc((size_t)(w.n ? w.n : 1) * sizeof(double)))) {
        PyErr_NoMemory();
        goto done;
    }
    int64_t *place = places->buf, *end = place;
    int told;
    Py_BEGIN_ALLOW_THREADS
    told = all_sums(&w, sum);
    for (Py_ssize_t i = 0; i < w.n && told >= 0; i++)
        if (sum[i] >= least) *end++ = i;
    Py_END_ALLOW_THREADS
    if (told < 0) { beyond_table(); goto done; }
    result = PyLong_FromSsize_t(end - place);
done:
    free(sum);
    let_go(&held);
    return result;
}

/* ---- values --------------------------------------------------------------------------------- */

PyDoc_STRVAR(values_doc,
"values(rows, parts, found)\n\nWhat each part says of each row, row by row (see pick).");

static PyObject *values(PyObject *self, PyObject *args) {
    PyObject *rows_, *parts_, *found_;
    if (!PyArg_ParseTuple(args, "OOO", &rows_, &parts_, &found_)) return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Lookup parts[MOST];
    Py_buffer *rows = typed(&held, rows_, 4), *found;
    if (!rows || !(found = out(&held, found_, 8))) goto done;
    Py_ssize_t n = length(rows);
    int many = read_parts(&held, parts_, parts, n);
    if (many < 0) goto done;
    if (length(found) < n * many) { beyond_table(); goto done; }
    const int32_t *row = rows->buf;
    double *at = found->buf;
    for (Py_ssize_t i = 0; i < n; i++)
        for (int j = 0; j < many; j++) {
            const double *table = parts[j].table;
            if (!parts[j].codes.data) {
                *at++ = table[i];
                continue;
            }
            if (row[i] < 0 || row[i] >= parts[j].codes.n) { beyond_table(); goto done; }
            uint32_t code = code_at(&parts[j].codes, row[i]);
            if (code >= parts[j].n) { beyond_table(); goto done; }
            *at++ = table[code];
        }
    result = Py_NewRef(Py_None);
done:
    let_go(&held);
    return result;
}

/* ---- better ---------------------------------------------------------------------------------- */

PyDoc_STRVAR(better_doc,
"better(codes, first, worth, other, another, unknown, found)\n\n"
"For each code the greater of worth[first[code]] and another[other[code]]; NaN for `unknown`.");

static PyObject *better(PyObject *self, PyObject *args) {
    PyObject *codes_, *first_, *worth_, *other_, *another_, *found_;
    long long unknown;
    if (!PyArg_ParseTuple(args, "OOOOOLO", &codes_, &first_, &worth_, &other_, &another_, &unknown,
                          &found_))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Codes codes;
    Lookup one, two;
    Py_buffer *found;
    if (read_codes(&held, codes_, &codes) < 0 || read_lookup(&held, first_, worth_, 8, &one) < 0 ||
        read_lookup(&held, other_, another_, 8, &two) < 0 || !(found = out(&held, found_, 8)))
        goto done;
    if (!one.codes.data || !two.codes.data || length(found) < codes.n) {
        beyond_table();
        goto done;
    }
    const double *worth = one.table, *another = two.table;
    double *at = found->buf;
    for (Py_ssize_t i = 0; i < codes.n; i++) {
        uint32_t code = code_at(&codes, i);
        if (code >= one.codes.n || code >= two.codes.n) { beyond_table(); goto done; }
        uint32_t a = code_at(&one.codes, code), b = code_at(&two.codes, code);
        if (a >= one.n || b >= two.n) { beyond_table(); goto done; }
        at[i] = (long long)code == unknown ? NAN : worth[a] > another[b] ? worth[a] : another[b];
    }
    result = Py_NewRef(Py_None);
done:
    let_go(&held);
    return result;
}

/* ---- bounds --------------------------------------------------------------------------------- */

PyDoc_STRVAR(bounds_doc,
"bounds(values, weights, whole, scale, low, high)\n\n"
"The weighted mean of each row of values, everything unknown (NaN) being 0, and being 1.");

static PyObject *bounds(PyObject *self, PyObject *args) {
    PyObject *values_, *weights_, *low_, *high_;
    double whole, scale;
    if (!PyArg_ParseTuple(args, "OOddOO", &values_, &weights_, &whole, &scale, &low_, &high_))
        return NULL;
    Held held = {.n = 0};
    PyObject *result = NULL;
    Py_buffer *said = typed(&held, values_, 8), *weights, *low, *high;
    if (!said || !(weights = typed(&held, weights_, 8)) || !(low = out(&held, low_, 8)) ||
        !(high = out(&held, high_, 8)))
        goto done;
    Py_ssize_t n = length(low), m = length(weights);
    if (length(high) != n || length(said) != n * m) { beyond_table(); goto done; }
    const double *value = said->buf, *weight = weights->buf;
    double *least = low->buf, *most = high->buf;
    for (Py_ssize_t i = 0; i < n; i++) {
        double below = 0.0, above = 0.0;
        for (Py_ssize_t j = 0; j < m; j++) {
            double own = *value++;
            below += weight[j] * (isnan(own) ? 0.0 : own);
            above += weight[j] * (isnan(own) ? 1.0 : own);
        }
        least[i] = whole != 0.0 ? rint(below / whole * scale) / scale : below;
        most[i] = whole != 0.0 ? rint(above / whole * scale) / scale : above;
    }
    result = Py_NewRef(Py_None);
done:
    let_go(&held);
    return result;
}

static PyMethodDef methods[] = {
    {"spans", spans, METH_VARARGS, spans_doc},
    {"collect", collect, METH_VARARGS, collect_doc},
    {"pick", pick, METH_VARARGS, pick_doc},
    {"hopeful", hopeful, METH_VARARGS, hopeful_doc},
    {"reaching", reaching, METH_VARARGS, reaching_doc},
    {"values", values, METH_VARARGS, values_doc},
    {"better", better, METH_VARARGS, better_doc},
    {"bounds", bounds, METH_VARARGS, bounds_doc},
    {NULL, NULL, 0, NULL},
};

/* As in matching/index/kernel.py: what is built of another form is not used. */
#define FORM 6

static int set_up(PyObject *module) { return PyModule_AddIntConstant(module, "FORM", FORM); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, set_up}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_kernel",
    .m_doc = "Loops over rows of the compiled index.", .m_size = 0,
    .m_methods = methods, .m_slots = slots,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&module); }
