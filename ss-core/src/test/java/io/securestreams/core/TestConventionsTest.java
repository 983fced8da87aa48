package io.securestreams.core;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.securestreams.architecture.EveryModule;

@AnalyzeClasses(
    packages = "io.securestreams.core",
    importOptions = ImportOption.OnlyIncludeTests.class)
class TestConventionsTest {

  @ArchTest
  static final ArchRule PARAMETERIZED_TESTS_ARE_NAMED = EveryModule.parameterizedTestsAreNamed();
}
