package io.securestreams.reactor;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.securestreams.architecture.EveryModule;

@AnalyzeClasses(
    packages = "io.securestreams.reactor",
    importOptions = ImportOption.OnlyIncludeTests.class)
class TestConventionsTest {

  @ArchTest
  static final ArchRule PARAMETERIZED_TESTS_ARE_NAMED = EveryModule.parameterizedTestsAreNamed();
}
