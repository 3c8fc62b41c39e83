// Macros for clang's Thread Safety Analysis, which proves at compile time that fields are used with their mutex held.
//
// `make check` compiles everything by clang with -Wthread-safety as an error; g++ ignores the macros. The capability
// types are in base/mutex.h and base/shared_mutex.h. The macros have the names and meanings of clang's documentation,
// "Thread Safety Analysis", section "Reference Guide". The analysis skips constructors and destructors. It treats a
// lambda as a separate function, so a lambda that runs with the mutex held needs REQUIRES.
#pragma once

#ifdef __clang__
#define BODEGA_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define BODEGA_THREAD_ANNOTATION(x)
#endif

// --- on types
#define CAPABILITY(name) BODEGA_THREAD_ANNOTATION(capability(name))
#define SCOPED_CAPABILITY BODEGA_THREAD_ANNOTATION(scoped_lockable)

// --- on fields: the mutex that protects the field, or what the pointer points to
#define GUARDED_BY(mutex) BODEGA_THREAD_ANNOTATION(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) BODEGA_THREAD_ANNOTATION(pt_guarded_by(mutex))

// --- on functions: the caller holds the mutex, or does not hold it
#define REQUIRES(...) BODEGA_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) BODEGA_THREAD_ANNOTATION(requires_shared_capability(__VA_ARGS__))
#define EXCLUDES(...) BODEGA_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

// --- on functions that lock and unlock
#define ACQUIRE(...) BODEGA_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) BODEGA_THREAD_ANNOTATION(acquire_shared_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) BODEGA_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define RELEASE(...) BODEGA_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define RELEASE_SHARED(...) BODEGA_THREAD_ANNOTATION(release_shared_capability(__VA_ARGS__))

// --- turns the analysis off for one function; a comment beside each use says why
#define NO_THREAD_SAFETY_ANALYSIS BODEGA_THREAD_ANNOTATION(no_thread_safety_analysis)
